-- purpose: month targets as typed, to show and edit them
-- params:  shops VARCHAR[] (NULL = all), day_from DATE, day_to DATE (months that start in the range)
-- grain:   one row per shop, metric and month
-- units:   value in the metric's own unit; money in currency
-- reads:   target
SELECT shop, metric, month, value, currency
FROM target
WHERE month BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
ORDER BY month, shop, metric
