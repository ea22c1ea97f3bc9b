-- purpose: how far each shop's figures reach and how old they are, for the "data as of" line
-- params:  day_to DATE (last day shown), shops VARCHAR[] or NULL for all
-- grain:   one row per shop, shops without any figure included
-- units:   last_day: last day up to day_to with a chosen figure; as_of: shop-local time of the oldest source of that day
-- reads:   shop, shop_day
WITH reach AS (
    SELECT shop, max(day) AS last_day
    FROM shop_day
    WHERE day <= $day_to AND day > $day_to - 400 AND ($shops IS NULL OR list_contains($shops, shop))
    GROUP BY shop
), age AS (
    SELECT d.shop, min(d.as_of) AS as_of
    FROM shop_day d JOIN reach r ON r.shop = d.shop AND r.last_day = d.day
    GROUP BY d.shop
)
SELECT s.shop, coalesce(nullif(s.name, ''), s.shop) AS name, coalesce(nullif(s.zone, ''), 'Asia/Shanghai') AS zone, r.last_day, a.as_of
FROM shop s LEFT JOIN reach r USING (shop) LEFT JOIN age a USING (shop)
WHERE $shops IS NULL OR list_contains($shops, s.shop)
ORDER BY s.shop
