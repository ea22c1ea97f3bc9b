-- purpose: people over exactly the days shown, as the platform itself states them (days added up would count twice)
-- params:  shops VARCHAR[] or NULL, metrics VARCHAR[], day_from, day_to, before_from, before_to, other_from, other_to DATE
-- grain:   one row per shop, metric and window (now, before, other) that the platform states
-- units:   distinct people
-- reads:   period_figure
WITH span AS (
    SELECT 'now' AS span, $day_from::DATE AS day_from, $day_to::DATE AS day_to
    UNION ALL SELECT 'before', $before_from::DATE, $before_to::DATE
    UNION ALL SELECT 'other', $other_from::DATE, $other_to::DATE
)
SELECT p.shop, p.metric, s.span, max_by(p.value, p.as_of)::DOUBLE AS value
FROM period_figure p JOIN span s ON p.day = s.day_from AND p.day_to = s.day_to
WHERE coalesce(p.scope, '') = '' AND list_contains($metrics, p.metric)
    AND ($shops IS NULL OR list_contains($shops, p.shop))
GROUP BY p.shop, p.metric, s.span
ORDER BY p.shop, p.metric, s.span
