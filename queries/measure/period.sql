-- purpose: the platform's own figures for exactly the period asked for
-- params:  day_from DATE, day_to DATE, shops VARCHAR[], parts VARCHAR[] (metric ids)
-- grain:   one row per shop, currency and metric
-- units:   as the metric says
-- reads:   period_figure, shop
SELECT p.shop, s.platform, p.currency, p.metric, p.value, p.source, p.as_of
FROM period_figure p JOIN shop s ON s.shop = p.shop
WHERE p.day = $day_from AND p.day_to = $day_to AND p.scope = '' AND list_contains($parts, p.metric)
  AND ($shops IS NULL OR list_contains($shops, p.shop))
