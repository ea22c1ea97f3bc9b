-- mart: flagged_order
-- replace: touched
-- grain: shop, source, order_id; orders marked test, gift or brushing, on their paid day (unpaid ones on the created day)
-- reads: order_head, order_line, mart.shop
WITH heads AS (
    SELECT h.shop, h.source, h.order_id, h.currency, h.is_brush, h.is_test, CAST(h.paid_at AS DATE) AS day, TRUE AS is_paid, h.paid_amount
    FROM order_head h
    WHERE h.paid_at >= getvariable('first_day') AND h.paid_at < getvariable('end_day')
      AND (h.is_brush OR h.is_test OR h.is_gift)
    UNION ALL
    SELECT h.shop, h.source, h.order_id, h.currency, h.is_brush, h.is_test, CAST(h.created_at AS DATE) AS day, FALSE AS is_paid, 0 AS paid_amount
    FROM order_head h
    WHERE h.created_at >= getvariable('first_day') AND h.created_at < getvariable('end_day')
      AND h.paid_at IS NULL AND (h.is_brush OR h.is_test OR h.is_gift)
),
lines AS (
    SELECT l.shop, l.source, l.order_id, l.currency, l.is_brush, l.is_test, CAST(l.paid_at AS DATE) AS day, TRUE AS is_paid, l.paid_amount
    FROM order_line l
    WHERE l.paid_at >= getvariable('first_day') AND l.paid_at < getvariable('end_day')
      AND (l.is_brush OR l.is_test OR l.is_gift)
    UNION ALL
    SELECT l.shop, l.source, l.order_id, l.currency, l.is_brush, l.is_test, CAST(l.created_at AS DATE) AS day, FALSE AS is_paid, 0 AS paid_amount
    FROM order_line l
    WHERE l.created_at >= getvariable('first_day') AND l.created_at < getvariable('end_day')
      AND l.paid_at IS NULL AND (l.is_brush OR l.is_test OR l.is_gift)
),
flagged AS (
    SELECT * FROM heads
    UNION ALL
    SELECT l.* FROM lines l
    WHERE NOT EXISTS (SELECT 1 FROM heads h WHERE h.shop = l.shop AND h.source = l.source AND h.order_id = l.order_id)
)
SELECT f.shop, f.source, f.order_id, coalesce(f.currency, s.currency) AS currency, f.day,
       min(CASE WHEN f.is_brush THEN 'brush' WHEN f.is_test THEN 'test' ELSE 'gift' END) AS flag, bool_or(f.is_paid) AS is_paid,
       CAST(sum(coalesce(f.paid_amount, 0)) AS DECIMAL(18,4)) AS amount
FROM flagged f
JOIN touched t ON t.shop = f.shop AND t.day = f.day
JOIN mart.shop s ON s.shop = f.shop
GROUP BY f.shop, f.source, f.order_id, coalesce(f.currency, s.currency), f.day
