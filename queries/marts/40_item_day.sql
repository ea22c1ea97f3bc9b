-- mart: item_day
-- replace: touched
-- grain: shop, currency, day, item_id; one source a shop and day: covered before stray, item reports before order lines before events
-- reads: item_day, order_line, visit, item, mart.shop, mart.source, mart.covered_day, mart.flagged_order, metric_source
-- covers: item_day, order_line, visit
WITH flagged AS (SELECT DISTINCT shop, order_id FROM mart.flagged_order),
reported AS (
    SELECT i.shop, i.source, 'item_day' AS target, i.currency, i.day, i.item_id, max(i.title) AS title,
           sum(i.visitors) AS visitors, sum(i.page_views) AS page_views, sum(i.cart_users) AS cart_users, sum(i.cart_units) AS cart_units,
           sum(i.fav_users) AS fav_users, sum(i.placed_amount) AS placed_amount, sum(i.placed_buyers) AS placed_buyers,
           sum(i.sales) AS sales, sum(i.paying_buyers) AS paying_buyers, sum(i.paid_orders) AS paid_orders, sum(i.units) AS units,
           sum(i.refunds) AS refunds, max(i.as_of) AS as_of
    FROM item_day i
    JOIN touched t ON t.shop = i.shop AND t.day = i.day
    WHERE i.day >= getvariable('first_day') AND i.day <= getvariable('last_day')
    GROUP BY i.shop, i.source, i.currency, i.day, i.item_id
),
lines AS (
    SELECT l.shop, l.source, l.currency, CAST(l.paid_at AS DATE) AS day, l.item_id, l.title, l.order_id, NULL AS placed_amount,
           l.paid_amount, l.units, l.refund_amount, l.as_of
    FROM order_line l
    WHERE l.paid_at >= getvariable('first_day') AND l.paid_at < getvariable('end_day')
      AND NOT coalesce(l.is_test OR l.is_gift OR l.is_brush, FALSE)
    UNION ALL
    SELECT l.shop, l.source, l.currency, CAST(l.created_at AS DATE) AS day, l.item_id, l.title, NULL AS order_id, l.placed_amount,
           NULL AS paid_amount, NULL AS units, NULL AS refund_amount, l.as_of
    FROM order_line l
    WHERE l.created_at >= getvariable('first_day') AND l.created_at < getvariable('end_day')
      AND NOT coalesce(l.is_test OR l.is_gift OR l.is_brush, FALSE)
),
ordered AS (
    SELECT l.shop, l.source, 'order_line' AS target, l.currency, l.day, coalesce(l.item_id, '') AS item_id, max(l.title) AS title,
           NULL AS visitors, NULL AS page_views, NULL AS cart_users, NULL AS cart_units, NULL AS fav_users,
           sum(l.placed_amount) AS placed_amount, NULL AS placed_buyers, coalesce(sum(l.paid_amount), 0) AS sales, NULL AS paying_buyers,
           count(DISTINCT CASE WHEN l.order_id IS NOT NULL THEN hash(l.order_id) END) AS paid_orders, coalesce(sum(l.units), 0) AS units, sum(l.refund_amount) AS refunds, max(l.as_of) AS as_of
    FROM lines l
    JOIN touched t ON t.shop = l.shop AND t.day = l.day
    WHERE l.order_id IS NULL OR NOT EXISTS (SELECT 1 FROM flagged f WHERE f.shop = l.shop AND f.order_id = l.order_id)
    GROUP BY l.shop, l.source, l.currency, l.day, coalesce(l.item_id, '')
),
seen AS (
    SELECT v.shop, v.source, 'visit' AS target, NULL AS currency, t.day, v.item_id, NULL AS title,
           count(DISTINCT v.visitor) AS visitors, count(CASE WHEN v.kind = 'view' THEN 1 END) AS page_views,
           count(DISTINCT CASE WHEN v.kind = 'cart' THEN v.visitor END) AS cart_users, NULL AS cart_units,
           count(DISTINCT CASE WHEN v.kind = 'favourite' THEN v.visitor END) AS fav_users, NULL AS placed_amount, NULL AS placed_buyers,
           NULL AS sales, count(DISTINCT CASE WHEN v.kind = 'buy' THEN v.visitor END) AS paying_buyers, NULL AS paid_orders,
           NULL AS units, NULL AS refunds, max(v.as_of) AS as_of
    FROM visit v
    JOIN touched t ON t.shop = v.shop AND t.day = CAST(v.happened_at AS DATE)
    WHERE v.happened_at >= getvariable('first_day') AND v.happened_at < getvariable('end_day')
    GROUP BY v.shop, v.source, t.day, v.item_id
),
rows AS (SELECT * FROM reported UNION ALL SELECT * FROM ordered UNION ALL SELECT * FROM seen),
sources AS (SELECT DISTINCT shop, source, target, day FROM rows),
ranked AS (
    SELECT r.shop, r.day, r.source, r.target,
           row_number() OVER (PARTITION BY r.shop, r.day ORDER BY CASE WHEN c.state IS NULL THEN 1 ELSE 0 END,
               CASE r.target WHEN 'item_day' THEN 0 WHEN 'order_line' THEN 1 ELSE 2 END, coalesce(m.rank, 99), coalesce(s.rank, 99), r.source) AS place
    FROM sources r
    LEFT JOIN mart.covered_day c ON c.shop = r.shop AND c.source = r.source AND c.target = r.target AND c.day = r.day
    LEFT JOIN mart.source s ON s.source = r.source
    LEFT JOIN metric_source m ON m.metric = 'sales' AND m.kind = s.kind
),
names AS (SELECT shop, item_id, max(title) AS title FROM item GROUP BY shop, item_id)
SELECT r.shop, s.platform, coalesce(r.currency, s.currency) AS currency, r.day, r.item_id,
       coalesce(nullif(r.title, ''), n.title, r.item_id) AS title, r.source,
       CAST(r.visitors AS DECIMAL(18,4)) AS visitors, CAST(r.page_views AS DECIMAL(18,4)) AS page_views,
       CAST(r.cart_users AS DECIMAL(18,4)) AS cart_users, CAST(r.cart_units AS DECIMAL(18,4)) AS cart_units,
       CAST(r.fav_users AS DECIMAL(18,4)) AS fav_users, CAST(r.placed_amount AS DECIMAL(18,4)) AS placed_amount,
       CAST(r.placed_buyers AS DECIMAL(18,4)) AS placed_buyers, CAST(r.sales AS DECIMAL(18,4)) AS sales,
       CAST(r.paying_buyers AS DECIMAL(18,4)) AS paying_buyers, CAST(r.paid_orders AS DECIMAL(18,4)) AS paid_orders,
       CAST(r.units AS DECIMAL(18,4)) AS units, CAST(r.refunds AS DECIMAL(18,4)) AS refunds, r.as_of
FROM rows r
JOIN ranked k ON k.shop = r.shop AND k.day = r.day AND k.source = r.source AND k.target = r.target AND k.place = 1
JOIN mart.shop s ON s.shop = r.shop
LEFT JOIN names n ON n.shop = r.shop AND n.item_id = r.item_id
