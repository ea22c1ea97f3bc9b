-- mart: buyer_day
-- replace: touched
-- grain: shop, currency, day, buyer; everybody who paid on the day in the day's order list, as a number; the same person
--        has one number in all shops of a platform and another on every other platform
-- reads: order_head, mart.shop, mart.order_source
WITH chosen AS (
    SELECT o.shop, o.day, o.source, s.platform, s.currency
    FROM mart.order_source o
    JOIN touched t ON t.shop = o.shop AND t.day = o.day
    JOIN mart.shop s ON s.shop = o.shop
    WHERE o.target = 'order_head'
),
people AS (
    SELECT o.shop, coalesce(h.currency, o.currency) AS currency, o.day, o.platform, h.buyer
    FROM order_head h
    JOIN chosen o ON o.shop = h.shop AND o.source = h.source AND o.day = CAST(h.paid_at AS DATE)
    WHERE h.paid_at >= getvariable('first_day') AND h.paid_at < getvariable('end_day')
      AND h.buyer IS NOT NULL AND NOT coalesce(h.is_test OR h.is_gift OR h.is_brush, FALSE)
    GROUP BY o.shop, coalesce(h.currency, o.currency), o.day, o.platform, h.buyer
)
SELECT shop, currency, day, md5_number_lower(platform || '/' || buyer) AS buyer
FROM people
