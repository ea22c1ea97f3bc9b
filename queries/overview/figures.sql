-- purpose: parts of the cards' formulas over the days shown and the days compared with, in own or display currency
-- params:  shops VARCHAR[] or NULL, formulas VARCHAR[], parts VARCHAR[] (one entry per formula and part, side by side),
--          money VARCHAR[] (parts that are amounts), display VARCHAR or NULL, day_from DATE, day_to DATE,
--          before_from DATE, before_to DATE, other_from DATE, other_to DATE (three windows, ends included)
-- grain:   one row per formula, part, shop, currency and window (now, before, other)
-- units:   value in `currency` or a count, over the days on which the formula has all its parts; days = those days;
--          wanted = days of the window; as_of shop-local
-- reads:   shop, shop_day, fx_rate
WITH span AS (
    SELECT 'now' AS span, $day_from::DATE AS day_from, $day_to::DATE AS day_to
    UNION ALL SELECT 'before', $before_from::DATE, $before_to::DATE
    UNION ALL SELECT 'other', $other_from::DATE, $other_to::DATE
), formula AS (
    SELECT unnest($formulas::VARCHAR[]) AS formula, unnest($parts::VARCHAR[]) AS part
), size AS (
    SELECT formula, count(*) AS parts FROM formula GROUP BY formula
), rate AS (
    SELECT currency, day, rate FROM fx_rate WHERE display = $display
), figure AS (
    SELECT d.shop, d.currency, d.day, d.metric, d.value, d.state, d.as_of
    FROM shop_day d
    WHERE (d.day BETWEEN $day_from::DATE AND $day_to::DATE OR d.day BETWEEN $before_from::DATE AND $before_to::DATE
            OR d.day BETWEEN $other_from::DATE AND $other_to::DATE)
        AND list_contains($parts, d.metric) AND ($shops IS NULL OR list_contains($shops, d.shop))
), shown AS (
    SELECT f.shop, f.day, f.metric, f.state, f.as_of,
           CASE WHEN r.rate IS NULL THEN f.currency ELSE $display::VARCHAR END AS currency,
           CASE WHEN r.rate IS NULL OR NOT list_contains($money, f.metric) THEN f.value::DOUBLE
                ELSE f.value::DOUBLE * r.rate::DOUBLE END AS value
    FROM figure f ASOF LEFT JOIN rate r ON f.currency = r.currency AND f.day >= r.day
), joint AS (
    SELECT m.formula, m.part, s.span, w.*,
           count(*) OVER (PARTITION BY m.formula, s.span, w.shop, w.currency, w.day) AS have
    FROM shown w JOIN formula m ON m.part = w.metric JOIN span s ON w.day BETWEEN s.day_from AND s.day_to
)
SELECT j.formula, j.part, j.shop, coalesce(nullif(p.name, ''), j.shop) AS name, p.platform, j.currency, j.span,
       sum(j.value) AS value, count(*) AS days, max(s.day_to - s.day_from) + 1 AS wanted,
       count(*) FILTER (WHERE j.state = 'partial') AS partial_days, min(j.as_of) AS as_of
FROM joint j JOIN size z ON z.formula = j.formula AND z.parts = j.have
JOIN span s ON s.span = j.span JOIN shop p ON p.shop = j.shop
GROUP BY j.formula, j.part, j.shop, p.name, p.platform, j.currency, j.span
ORDER BY j.formula, j.part, j.shop, j.currency, j.span
