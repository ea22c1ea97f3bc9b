-- mart: line_day
-- replace: touched
-- grain: shop, source, currency, day; order lines: placed by created day, sales and refunds by paid day
-- reads: order_line, mart.shop, mart.flagged_order, mart.covered_day
-- covers: order_line
WITH flagged AS (SELECT DISTINCT shop, order_id FROM mart.flagged_order),
placed AS (
    SELECT l.shop, l.source, coalesce(l.currency, s.currency) AS currency, t.day,
           count(DISTINCT hash(l.order_id)) AS placed_orders, sum(l.placed_amount) AS placed_amount, max(l.as_of) AS as_of
    FROM order_line l
    JOIN touched t ON t.shop = l.shop AND t.day = CAST(l.created_at AS DATE)
    JOIN mart.shop s ON s.shop = l.shop
    WHERE l.created_at >= getvariable('first_day') AND l.created_at < getvariable('end_day')
      AND NOT coalesce(l.is_test OR l.is_gift OR l.is_brush, FALSE)
      AND NOT EXISTS (SELECT 1 FROM flagged f WHERE f.shop = l.shop AND f.order_id = l.order_id)
    GROUP BY l.shop, l.source, coalesce(l.currency, s.currency), t.day
),
paid AS (
    SELECT l.shop, l.source, coalesce(l.currency, s.currency) AS currency, t.day,
           count(DISTINCT hash(l.order_id)) AS paid_orders, sum(l.paid_amount) AS sales,
           CASE WHEN count(l.units) = count(*) THEN sum(l.units) END AS units,
           sum(l.refund_amount) AS refunds, count(DISTINCT CASE WHEN l.refund_amount > 0 THEN hash(l.order_id) END) AS refund_orders,
           max(l.as_of) AS as_of
    FROM order_line l
    JOIN touched t ON t.shop = l.shop AND t.day = CAST(l.paid_at AS DATE)
    JOIN mart.shop s ON s.shop = l.shop
    WHERE l.paid_at >= getvariable('first_day') AND l.paid_at < getvariable('end_day')
      AND NOT coalesce(l.is_test OR l.is_gift OR l.is_brush, FALSE)
      AND NOT EXISTS (SELECT 1 FROM flagged f WHERE f.shop = l.shop AND f.order_id = l.order_id)
    GROUP BY l.shop, l.source, coalesce(l.currency, s.currency), t.day
),
found AS (SELECT shop, source, currency, day FROM placed UNION SELECT shop, source, currency, day FROM paid),
covered AS (
    SELECT c.shop, c.source, s.currency, c.day, c.state, c.as_of
    FROM mart.covered_day c
    JOIN touched t ON t.shop = c.shop AND t.day = c.day
    JOIN mart.shop s ON s.shop = c.shop
    WHERE c.target = 'order_line'
),
keys AS (
    SELECT shop, source, currency, day FROM found
    UNION SELECT c.shop, c.source, c.currency, c.day FROM covered c
    WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.shop = c.shop AND f.source = c.source AND f.day = c.day)
)
SELECT k.shop, k.source, k.currency, k.day,
       CAST(coalesce(placed.placed_orders, 0) AS DECIMAL(18,4)) AS placed_orders,
       CAST(CASE WHEN placed.placed_orders > 0 THEN placed.placed_amount ELSE 0 END AS DECIMAL(18,4)) AS placed_amount,
       CAST(coalesce(paid.paid_orders, 0) AS DECIMAL(18,4)) AS paid_orders,
       CAST(CASE WHEN paid.paid_orders > 0 THEN paid.sales ELSE 0 END AS DECIMAL(18,4)) AS sales,
       CAST(CASE WHEN paid.paid_orders > 0 THEN paid.units ELSE 0 END AS DECIMAL(18,4)) AS units,
       CAST(paid.refunds AS DECIMAL(18,4)) AS refunds,
       CAST(CASE WHEN paid.refunds IS NOT NULL THEN paid.refund_orders END AS DECIMAL(18,4)) AS refund_orders,
       coalesce(c.state, 'stray') AS state, greatest(c.as_of, placed.as_of, paid.as_of) AS as_of
FROM keys k
LEFT JOIN placed ON placed.shop = k.shop AND placed.source = k.source AND placed.currency = k.currency AND placed.day = k.day
LEFT JOIN paid ON paid.shop = k.shop AND paid.source = k.source AND paid.currency = k.currency AND paid.day = k.day
LEFT JOIN covered c ON c.shop = k.shop AND c.source = k.source AND c.day = k.day
