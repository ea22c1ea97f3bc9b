-- mart: flagged_order
-- replace: touched
-- grain: shop, source, order_id; orders marked test, gift or brushing, on their paid day (unpaid ones on the created day)
-- reads: order_head, order_line, mart.shop
WITH span AS (SELECT min(day) AS first_day, max(day) + 1 AS end_day FROM touched),
flagged AS (
    SELECT h.shop, h.source, h.order_id, coalesce(h.currency, s.currency) AS currency,
           CASE WHEN h.is_brush THEN 'brush' WHEN h.is_test THEN 'test' ELSE 'gift' END AS flag,
           CAST(coalesce(h.paid_at, h.created_at) AS DATE) AS day, h.paid_at IS NOT NULL AS is_paid,
           coalesce(h.paid_amount, 0) AS amount
    FROM order_head h
    JOIN span ON (h.paid_at >= span.first_day AND h.paid_at < span.end_day)
              OR (h.paid_at IS NULL AND h.created_at >= span.first_day AND h.created_at < span.end_day)
    JOIN mart.shop s ON s.shop = h.shop
    WHERE h.is_brush OR h.is_test OR h.is_gift
    UNION ALL
    SELECT l.shop, l.source, l.order_id, coalesce(l.currency, s.currency) AS currency,
           CASE WHEN l.is_brush THEN 'brush' WHEN l.is_test THEN 'test' ELSE 'gift' END AS flag,
           CAST(coalesce(l.paid_at, l.created_at) AS DATE) AS day, l.paid_at IS NOT NULL AS is_paid,
           coalesce(l.paid_amount, 0) AS amount
    FROM order_line l
    JOIN span ON (l.paid_at >= span.first_day AND l.paid_at < span.end_day)
              OR (l.paid_at IS NULL AND l.created_at >= span.first_day AND l.created_at < span.end_day)
    JOIN mart.shop s ON s.shop = l.shop
    WHERE (l.is_brush OR l.is_test OR l.is_gift)
      AND NOT EXISTS (SELECT 1 FROM order_head h WHERE h.shop = l.shop AND h.source = l.source AND h.order_id = l.order_id
                      AND (h.is_brush OR h.is_test OR h.is_gift))
)
SELECT f.shop, f.source, f.order_id, f.currency, f.day, min(f.flag) AS flag, bool_or(f.is_paid) AS is_paid,
       CAST(sum(f.amount) AS DECIMAL(18,4)) AS amount
FROM flagged f JOIN touched t ON t.shop = f.shop AND t.day = f.day
GROUP BY f.shop, f.source, f.order_id, f.currency, f.day
