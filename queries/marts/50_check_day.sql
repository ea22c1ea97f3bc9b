-- mart: check_day
-- replace: touched
-- grain: shop, currency, day, metric, source; every source's figure beside the one that counts (per purse for ads); the difference is
--        this source minus the chosen one
-- reads: observation, mart.order_day, mart.line_day, mart.refund_day, mart.item_total, mart.purse_day,
--        mart.commission_day, mart.visit_day, mart.live_day, mart.flagged_order, mart.shop,
--        mart.source, mart.covered_day, metric_source
WITH platform AS (
    SELECT o.shop, o.source, coalesce(o.currency, s.currency) AS currency, o.day, o.metric, CAST(sum(o.value) AS DECIMAL(18,4)) AS value,
           max(o.as_of) AS as_of
    FROM observation o
    JOIN touched t ON t.shop = o.shop AND t.day = o.day
    JOIN mart.shop s ON s.shop = o.shop
    WHERE o.day >= getvariable('first_day') AND o.day <= getvariable('last_day')
      AND o.period_kind = 'day' AND coalesce(o.scope, '') = '' AND o.value IS NOT NULL
    GROUP BY o.shop, o.source, coalesce(o.currency, s.currency), o.day, o.metric
    -- people seen by two accounts may be the same people: such figures are not added
    HAVING count(*) = 1 OR o.metric NOT IN ('visitors', 'new_visitors', 'cart_users', 'fav_users', 'placed_buyers', 'paying_buyers', 'live_viewers', 'pcu')
),
refunding AS (SELECT DISTINCT shop, source FROM mart.order_day WHERE refund_stated > 0),
orders AS (
    SELECT d.shop, d.source, d.currency, d.day, d.placed_orders, d.placed_amount, d.placed_buyers, d.paid_orders, d.sales,
           coalesce(d.units, l.units) AS units, d.paying_buyers, d.coupon_cost, d.state, d.as_of,
           -- a list that states refunds elsewhere means none where it is blank; one that never does says nothing
           coalesce(d.refunds, CASE WHEN r.shop IS NOT NULL THEN 0 END) AS refunds,
           coalesce(d.refund_orders, CASE WHEN r.shop IS NOT NULL THEN 0 END) AS refund_orders,
           coalesce(d.cohort_refunds, CASE WHEN r.shop IS NOT NULL THEN 0 END) AS cohort_refunds
    FROM mart.order_day d
    JOIN touched t ON t.shop = d.shop AND t.day = d.day
    LEFT JOIN refunding r ON r.shop = d.shop AND r.source = d.source
    LEFT JOIN mart.line_day l ON l.shop = d.shop AND l.source = d.source AND l.currency = d.currency AND l.day = d.day
),
lines AS (
    SELECT l.* FROM mart.line_day l
    JOIN touched t ON t.shop = l.shop AND t.day = l.day
    WHERE NOT EXISTS (SELECT 1 FROM mart.order_day d WHERE d.shop = l.shop AND d.source = l.source AND d.day = l.day)
),
figures AS (
    SELECT p.shop, p.source, p.currency, p.day, p.metric, p.value, '' AS purse, TRUE AS may_count, coalesce(c.state, 'ok') AS state, p.as_of
    FROM platform p
    LEFT JOIN mart.covered_day c ON c.shop = p.shop AND c.source = p.source AND c.target = 'observation' AND c.day = p.day
    UNION ALL
    SELECT shop, source, currency, day, metric, value, '', TRUE, state, as_of
    FROM orders UNPIVOT (value FOR metric IN (placed_orders, placed_amount, placed_buyers, paid_orders, sales, units, paying_buyers,
                                              refunds, refund_orders, cohort_refunds, coupon_cost))
    UNION ALL
    SELECT shop, source, currency, day, metric, value, '', TRUE, state, as_of
    FROM lines UNPIVOT (value FOR metric IN (placed_orders, placed_amount, paid_orders, sales, units, refunds, refund_orders))
    UNION ALL
    SELECT shop, source, currency, day, metric, value, '', TRUE, state, as_of
    FROM (SELECT r.* FROM mart.refund_day r JOIN touched t ON t.shop = r.shop AND t.day = r.day) UNPIVOT (value FOR metric IN (refunds, refund_orders))
    UNION ALL
    SELECT shop, source, currency, day, metric, value, '', TRUE, state, as_of
    FROM (SELECT i.* FROM mart.item_total i JOIN touched t ON t.shop = i.shop AND t.day = i.day)
         UNPIVOT (value FOR metric IN (sales, units, placed_amount, refunds, cart_units))
    UNION ALL
    SELECT shop, source, currency, day, metric, value, purse, is_chosen, state, as_of
    FROM (SELECT p.* FROM mart.purse_day p JOIN touched t ON t.shop = p.shop AND t.day = p.day)
         UNPIVOT (value FOR metric IN (spend, impressions, clicks, attributed_sales, direct_sales, attributed_orders, net_attributed_sales,
                                       ad_refund_1h, ad_coupon_amount, ad_cart_adds, ad_new_buyers))
    UNION ALL
    SELECT shop, source, currency, day, metric, value, '', TRUE, state, as_of
    FROM (SELECT c.* FROM mart.commission_day c JOIN touched t ON t.shop = c.shop AND t.day = c.day)
         UNPIVOT (value FOR metric IN (affiliate_commission, affiliate_service_fee, affiliate_sales))
    UNION ALL
    SELECT shop, source, currency, day, metric, value, '', TRUE, state, as_of
    FROM (SELECT v.* FROM mart.visit_day v JOIN touched t ON t.shop = v.shop AND t.day = v.day)
         UNPIVOT (value FOR metric IN (visitors, page_views, cart_users, fav_users, paying_buyers))
    UNION ALL
    SELECT shop, source, currency, day, metric, value, '', TRUE, state, as_of
    FROM (SELECT l.* FROM mart.live_day l JOIN touched t ON t.shop = l.shop AND t.day = l.day)
         UNPIVOT (value FOR metric IN (live_sessions, live_hours, live_viewers, live_views, live_impression_users, live_sales, live_user_paid,
                                       live_orders, live_buyers, live_units, live_watch_s, live_online_s, pcu, new_followers, live_comments,
                                       product_impression_users, product_click_users, live_refunds, live_refund_1h, live_ad_spend))
),
known AS (SELECT DISTINCT metric FROM metric_source),
-- a platform cannot leave out the orders marked as brushing: on such days an order list that holds the platform's day
-- (with the marked orders within 5 %) comes before the platform's own figure; refunds stay with the platform, the list
-- books them on another day
flagged AS (
    SELECT f.shop, f.source, f.day, sum(f.amount) AS amount
    FROM mart.flagged_order f JOIN touched t ON t.shop = f.shop AND t.day = f.day
    WHERE f.is_paid
    GROUP BY f.shop, f.source, f.day
),
marked AS (
    SELECT f.shop, f.source, f.day
    FROM flagged f
    JOIN orders o ON o.shop = f.shop AND o.source = f.source AND o.day = f.day AND o.state = 'ok'
    LEFT JOIN platform p ON p.shop = f.shop AND p.day = f.day AND p.metric = 'sales'
    GROUP BY f.shop, f.source, f.day
    HAVING bool_and(p.value IS NULL OR abs(o.sales + f.amount - p.value) <= 0.05 * p.value)
),
weighed AS (
    SELECT f.*, max(CASE WHEN f.purse <> '' THEN 1 ELSE 0 END) OVER (PARTITION BY f.shop, f.currency, f.day, f.metric) AS has_purse,
           f.may_count AND (m.rank IS NOT NULL OR k.metric IS NULL) AS is_able,
           CASE WHEN x.shop IS NOT NULL THEN -1 ELSE coalesce(m.rank, 99) END AS kind_rank,
           coalesce(s.rank, 99) AS source_rank
    FROM figures f
    LEFT JOIN mart.source s ON s.source = split_part(f.source, '+', 1)
    LEFT JOIN metric_source m ON m.metric = f.metric AND m.kind = s.kind
    LEFT JOIN known k ON k.metric = f.metric
    LEFT JOIN marked x ON x.shop = f.shop AND x.source = f.source AND x.day = f.day
                      AND f.metric IN ('sales', 'paid_orders', 'units', 'paying_buyers', 'placed_amount', 'placed_orders', 'placed_buyers')
),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY shop, currency, day, metric, purse ORDER BY CASE WHEN is_able THEN 0 ELSE 1 END,
                                 CASE WHEN state = 'stray' THEN 1 ELSE 0 END, kind_rank, source_rank, source) AS place
    FROM weighed
),
judged AS (SELECT *, place = 1 AND is_able AND (purse <> '' OR has_purse = 0) AS is_chosen FROM placed)
SELECT j.shop, j.currency, j.day, j.metric, j.source, j.purse, j.value, j.is_chosen,
       c.value AS chosen_value, CAST(j.value - c.value AS DECIMAL(18,4)) AS difference,
       CASE WHEN j.state = 'ok' THEN 'ok' ELSE 'partial' END AS state, j.as_of
FROM judged j
LEFT JOIN judged c ON c.is_chosen AND c.shop = j.shop AND c.currency = j.currency AND c.day = j.day AND c.metric = j.metric
                  AND (c.purse = j.purse)
