-- mart: refund_day
-- replace: touched
-- grain: shop, source, currency, day; after-sales lists by the day the money went back; refunds of flagged orders left out
-- reads: refund, mart.shop, mart.flagged_order, mart.covered_day
-- covers: refund
WITH flagged AS (SELECT DISTINCT shop, order_id FROM mart.flagged_order),
refunded AS (
    SELECT r.shop, r.source, coalesce(r.currency, s.currency) AS currency, t.day,
           sum(r.amount) AS refunds, count(DISTINCT r.order_id) AS refund_orders, max(r.as_of) AS as_of
    FROM refund r
    JOIN touched t ON t.shop = r.shop AND t.day = CAST(r.done_at AS DATE)
    JOIN mart.shop s ON s.shop = r.shop
    WHERE r.done_at >= getvariable('first_day') AND r.done_at < getvariable('end_day')
      AND r.is_done AND NOT EXISTS (SELECT 1 FROM flagged f WHERE f.shop = r.shop AND f.order_id = r.order_id)
    GROUP BY r.shop, r.source, coalesce(r.currency, s.currency), t.day
),
covered AS (
    SELECT c.shop, c.source, s.currency, c.day, c.state, c.as_of
    FROM mart.covered_day c
    JOIN touched t ON t.shop = c.shop AND t.day = c.day
    JOIN mart.shop s ON s.shop = c.shop
    WHERE c.target = 'refund'
),
keys AS (
    SELECT shop, source, currency, day FROM refunded
    UNION SELECT c.shop, c.source, c.currency, c.day FROM covered c
    WHERE NOT EXISTS (SELECT 1 FROM refunded f WHERE f.shop = c.shop AND f.source = c.source AND f.day = c.day)
)
SELECT k.shop, k.source, k.currency, k.day,
       CAST(coalesce(r.refunds, 0) AS DECIMAL(18,4)) AS refunds,
       CAST(coalesce(r.refund_orders, 0) AS DECIMAL(18,4)) AS refund_orders,
       coalesce(c.state, 'stray') AS state, greatest(c.as_of, r.as_of) AS as_of
FROM keys k
LEFT JOIN refunded r ON r.shop = k.shop AND r.source = k.source AND r.currency = k.currency AND r.day = k.day
LEFT JOIN covered c ON c.shop = k.shop AND c.source = k.source AND c.day = k.day
