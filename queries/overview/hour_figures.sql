-- purpose: parts of the cards' formulas for today so far and for the same hours of the days compared with
-- params:  shops VARCHAR[] or NULL, formulas VARCHAR[], parts VARCHAR[] (one entry per formula and part, side by side),
--          hour_to INTEGER (last hour that has figures today), day_from DATE, before_from DATE, other_from DATE
-- grain:   one row per formula, part, shop, currency and window (now, before, other)
-- units:   value in the shop's own currency or a count, hours 0 to hour_to; days = wanted = 1
-- reads:   shop, shop_hour
WITH span AS (
    SELECT 'now' AS span, $day_from::DATE AS day
    UNION ALL SELECT 'before', $before_from::DATE
    UNION ALL SELECT 'other', $other_from::DATE
), formula AS (
    SELECT unnest($formulas::VARCHAR[]) AS formula, unnest($parts::VARCHAR[]) AS part
), size AS (
    SELECT formula, count(*) AS parts FROM formula GROUP BY formula
), figure AS (
    SELECT h.shop, h.currency, h.metric, s.span, sum(h.value)::DOUBLE AS value
    FROM shop_hour h JOIN span s ON h.day = s.day
    WHERE h.hour <= $hour_to AND list_contains($parts, h.metric) AND ($shops IS NULL OR list_contains($shops, h.shop))
    GROUP BY h.shop, h.currency, h.metric, s.span
), joint AS (
    SELECT m.formula, m.part, f.*, count(*) OVER (PARTITION BY m.formula, f.span, f.shop, f.currency) AS have
    FROM figure f JOIN formula m ON m.part = f.metric
)
SELECT j.formula, j.part, j.shop, coalesce(nullif(p.name, ''), j.shop) AS name, p.platform, j.currency, j.span,
       j.value, 1 AS days, 1 AS wanted, 0 AS partial_days, NULL::TIMESTAMP AS as_of
FROM joint j JOIN size z ON z.formula = j.formula AND z.parts = j.have JOIN shop p ON p.shop = j.shop
ORDER BY j.formula, j.part, j.shop, j.currency, j.span
