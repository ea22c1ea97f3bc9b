-- mart: buyer_day
-- replace: touched
-- grain: shop, currency, day, buyer; everybody who paid on the day in the day's order list, as a number; the same person
--        has one number in all shops of a platform and another on every other platform
-- reads: order_head, mart.shop, mart.order_source
WITH span AS (SELECT min(day) AS first_day, max(day) + 1 AS end_day FROM touched)
SELECT h.shop, coalesce(h.currency, s.currency) AS currency, t.day, md5_number_lower(s.platform || '/' || h.buyer) AS buyer
FROM order_head h
JOIN span ON h.paid_at >= span.first_day AND h.paid_at < span.end_day
JOIN touched t ON t.shop = h.shop AND t.day = CAST(h.paid_at AS DATE)
JOIN mart.order_source o ON o.shop = h.shop AND o.day = t.day AND o.source = h.source AND o.target = 'order_head'
JOIN mart.shop s ON s.shop = h.shop
WHERE h.buyer IS NOT NULL AND NOT coalesce(h.is_test OR h.is_gift OR h.is_brush, FALSE)
GROUP BY h.shop, coalesce(h.currency, s.currency), t.day, s.platform, h.buyer
