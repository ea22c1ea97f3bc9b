-- purpose: figures of today so far and of the same hours of the days compared with
-- params:  shops VARCHAR[] or NULL, metrics VARCHAR[], hour_to INTEGER (last hour that has figures today),
--          day_from, before_from, other_from DATE (today and the two days compared with)
-- grain:   one row per shop, currency, metric and window (now, before, other)
-- units:   value in the shop's own currency or a count, hours 0 to hour_to; days = wanted = 1
-- reads:   shop, shop_hour
WITH span AS (
    SELECT 'now' AS span, $day_from::DATE AS day
    UNION ALL SELECT 'before', $before_from::DATE
    UNION ALL SELECT 'other', $other_from::DATE
)
SELECT h.shop, coalesce(nullif(p.name, ''), h.shop) AS name, p.platform, h.currency, h.metric, s.span,
       sum(h.value)::DOUBLE AS value, 1 AS days, 1 AS wanted, 0 AS partial_days, NULL::TIMESTAMP AS as_of
FROM shop_hour h JOIN span s ON h.day = s.day JOIN shop p ON p.shop = h.shop
WHERE h.hour <= $hour_to AND list_contains($metrics, h.metric) AND ($shops IS NULL OR list_contains($shops, h.shop))
GROUP BY h.shop, p.name, p.platform, h.currency, h.metric, s.span
ORDER BY h.shop, h.currency, h.metric, s.span
