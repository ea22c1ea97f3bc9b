-- mart: order_day
-- replace: touched
-- grain: shop, source, currency, day; order lists: placed by created day, sales by paid day, refunds by refund day
-- reads: order_head, mart.shop, mart.covered_day
WITH placed AS (
    SELECT h.shop, h.source, coalesce(h.currency, s.currency) AS currency, t.day,
           count(*) AS placed_orders, sum(h.placed_amount) AS placed_amount,
           CASE WHEN count(h.buyer) = count(*) THEN count(DISTINCT hash(h.buyer)) END AS placed_buyers, max(h.as_of) AS as_of
    FROM order_head h
    JOIN touched t ON t.shop = h.shop AND t.day = CAST(h.created_at AS DATE)
    JOIN mart.shop s ON s.shop = h.shop
    WHERE h.created_at >= getvariable('first_day') AND h.created_at < getvariable('end_day')
      AND NOT coalesce(h.is_test OR h.is_gift OR h.is_brush, FALSE)
    GROUP BY h.shop, h.source, coalesce(h.currency, s.currency), t.day
),
paid AS (
    SELECT h.shop, h.source, coalesce(h.currency, s.currency) AS currency, t.day,
           count(*) AS paid_orders, sum(h.paid_amount) AS sales,
           CASE WHEN count(h.units) = count(*) THEN sum(h.units) END AS units,
           count(*) - count(h.buyer) AS masked_orders,
           CASE WHEN count(h.buyer) = count(*) THEN count(DISTINCT hash(h.buyer)) END AS paying_buyers,
           sum(h.refund_amount) AS cohort_refunds, count(h.refund_amount) AS refund_stated,
           sum(h.seller_discount) AS coupon_cost, max(h.as_of) AS as_of
    FROM order_head h
    JOIN touched t ON t.shop = h.shop AND t.day = CAST(h.paid_at AS DATE)
    JOIN mart.shop s ON s.shop = h.shop
    WHERE h.paid_at >= getvariable('first_day') AND h.paid_at < getvariable('end_day')
      AND NOT coalesce(h.is_test OR h.is_gift OR h.is_brush, FALSE)
    GROUP BY h.shop, h.source, coalesce(h.currency, s.currency), t.day
),
refund_rows AS (
    SELECT h.shop, h.source, h.currency, CAST(h.refund_at AS DATE) AS day, h.refund_amount, h.as_of
    FROM order_head h
    WHERE h.refund_at >= getvariable('first_day') AND h.refund_at < getvariable('end_day')
      AND h.refund_amount > 0 AND NOT coalesce(h.is_test OR h.is_gift OR h.is_brush, FALSE)
    UNION ALL
    SELECT h.shop, h.source, h.currency, CAST(h.paid_at AS DATE) AS day, h.refund_amount, h.as_of
    FROM order_head h
    WHERE h.paid_at >= getvariable('first_day') AND h.paid_at < getvariable('end_day')
      AND h.refund_at IS NULL AND h.refund_amount > 0 AND NOT coalesce(h.is_test OR h.is_gift OR h.is_brush, FALSE)
),
refunded AS (
    SELECT r.shop, r.source, coalesce(r.currency, s.currency) AS currency, r.day,
           sum(r.refund_amount) AS refunds, count(*) AS refund_orders, max(r.as_of) AS as_of
    FROM refund_rows r
    JOIN touched t ON t.shop = r.shop AND t.day = r.day
    JOIN mart.shop s ON s.shop = r.shop
    GROUP BY r.shop, r.source, coalesce(r.currency, s.currency), r.day
),
found AS (
    SELECT shop, source, currency, day FROM placed UNION SELECT shop, source, currency, day FROM paid
    UNION SELECT shop, source, currency, day FROM refunded
),
covered AS (
    SELECT c.shop, c.source, s.currency, c.day, c.state, c.as_of
    FROM mart.covered_day c
    JOIN touched t ON t.shop = c.shop AND t.day = c.day
    JOIN mart.shop s ON s.shop = c.shop
    WHERE c.target = 'order_head'
),
keys AS (
    SELECT shop, source, currency, day FROM found
    UNION SELECT c.shop, c.source, c.currency, c.day FROM covered c
    WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.shop = c.shop AND f.source = c.source AND f.day = c.day)
)
SELECT k.shop, k.source, k.currency, k.day,
       CAST(coalesce(placed.placed_orders, 0) AS DECIMAL(18,4)) AS placed_orders,
       CAST(CASE WHEN placed.placed_orders > 0 THEN placed.placed_amount ELSE 0 END AS DECIMAL(18,4)) AS placed_amount,
       CAST(CASE WHEN placed.placed_orders > 0 THEN placed.placed_buyers ELSE 0 END AS DECIMAL(18,4)) AS placed_buyers,
       CAST(coalesce(paid.paid_orders, 0) AS DECIMAL(18,4)) AS paid_orders,
       CAST(CASE WHEN paid.paid_orders > 0 THEN paid.sales ELSE 0 END AS DECIMAL(18,4)) AS sales,
       CAST(CASE WHEN paid.paid_orders > 0 THEN paid.units ELSE 0 END AS DECIMAL(18,4)) AS units,
       CAST(CASE WHEN paid.paid_orders > 0 THEN paid.paying_buyers ELSE 0 END AS DECIMAL(18,4)) AS paying_buyers,
       coalesce(paid.masked_orders, 0) AS masked_orders,
       -- NULL refund amounts mean the list does not say; 0 means it says none
       CAST(CASE WHEN refunded.refunds IS NOT NULL THEN refunded.refunds WHEN paid.refund_stated > 0 THEN 0 END AS DECIMAL(18,4)) AS refunds,
       CAST(CASE WHEN refunded.refunds IS NOT NULL THEN refunded.refund_orders WHEN paid.refund_stated > 0 THEN 0 END AS DECIMAL(18,4)) AS refund_orders,
       CAST(paid.cohort_refunds AS DECIMAL(18,4)) AS cohort_refunds, coalesce(paid.refund_stated, 0) AS refund_stated,
       CAST(paid.coupon_cost AS DECIMAL(18,4)) AS coupon_cost,
       coalesce(c.state, 'stray') AS state, greatest(c.as_of, placed.as_of, paid.as_of, refunded.as_of) AS as_of
FROM keys k
LEFT JOIN placed ON placed.shop = k.shop AND placed.source = k.source AND placed.currency = k.currency AND placed.day = k.day
LEFT JOIN paid ON paid.shop = k.shop AND paid.source = k.source AND paid.currency = k.currency AND paid.day = k.day
LEFT JOIN refunded ON refunded.shop = k.shop AND refunded.source = k.source AND refunded.currency = k.currency AND refunded.day = k.day
LEFT JOIN covered c ON c.shop = k.shop AND c.source = k.source AND c.day = k.day
