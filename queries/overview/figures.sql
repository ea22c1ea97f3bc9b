-- purpose: the figures of the cards over the days shown and the days compared with, in own or display currency
-- params:  shops VARCHAR[] or NULL, metrics VARCHAR[], money VARCHAR[] (those of them that are amounts), display VARCHAR or NULL,
--          day_from, day_to, before_from, before_to, other_from, other_to DATE (three windows, ends included)
-- grain:   one row per shop, currency, metric and window (now, before, other)
-- units:   value in `currency` or a count; days = days with a figure; wanted = days of the window; as_of shop-local
-- reads:   shop, shop_day, fx_rate
WITH span AS (
    SELECT 'now' AS span, $day_from::DATE AS day_from, $day_to::DATE AS day_to
    UNION ALL SELECT 'before', $before_from::DATE, $before_to::DATE
    UNION ALL SELECT 'other', $other_from::DATE, $other_to::DATE
), figure AS (
    SELECT s.span, d.shop, d.currency, d.day, d.metric, d.value, d.state, d.as_of
    FROM shop_day d JOIN span s ON d.day BETWEEN s.day_from AND s.day_to
    WHERE d.day BETWEEN least($day_from::DATE, $before_from::DATE, $other_from::DATE)
            AND greatest($day_to::DATE, $before_to::DATE, $other_to::DATE)
        AND list_contains($metrics, d.metric) AND ($shops IS NULL OR list_contains($shops, d.shop))
), rate AS (
    SELECT currency, day, rate FROM fx_rate WHERE display = $display
), shown AS (
    SELECT f.span, f.shop, f.day, f.metric, f.state, f.as_of,
           CASE WHEN r.rate IS NULL THEN f.currency ELSE $display::VARCHAR END AS currency,
           CASE WHEN r.rate IS NULL OR NOT list_contains($money, f.metric) THEN f.value::DOUBLE
                ELSE f.value::DOUBLE * r.rate::DOUBLE END AS value
    FROM figure f ASOF LEFT JOIN rate r ON f.currency = r.currency AND f.day >= r.day
)
SELECT w.shop, coalesce(nullif(p.name, ''), w.shop) AS name, p.platform, w.currency, w.metric, w.span,
       sum(w.value) AS value, count(DISTINCT w.day) AS days, max(s.day_to) - max(s.day_from) + 1 AS wanted,
       count(*) FILTER (WHERE w.state = 'partial') AS partial_days, min(w.as_of) AS as_of
FROM shown w JOIN span s USING (span) JOIN shop p ON p.shop = w.shop
GROUP BY w.shop, p.name, p.platform, w.currency, w.metric, w.span
ORDER BY w.shop, w.currency, w.metric, w.span
