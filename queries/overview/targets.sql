-- purpose: the month's targets of the chosen shops beside what is reached so far
-- params:  shops VARCHAR[] or NULL, month DATE (first day), day_to DATE (last day counted)
-- grain:   one row per shop, metric and currency with a target typed for the month
-- units:   target and reached in `currency` or a count; days = days with a figure, of those of the month up to day_to
-- reads:   target, shop_day, shop
WITH reached AS (
    SELECT shop, metric, currency, sum(value) AS reached, count(DISTINCT day) AS days
    FROM shop_day
    WHERE day BETWEEN $month::DATE AND $day_to::DATE AND ($shops IS NULL OR list_contains($shops, shop))
    GROUP BY shop, metric, currency
)
SELECT t.shop, t.metric, coalesce(nullif(t.currency, ''), s.currency) AS currency, t.value::DOUBLE AS target,
       r.reached::DOUBLE AS reached, coalesce(r.days, 0) AS days
FROM target t JOIN shop s ON s.shop = t.shop
LEFT JOIN reached r ON r.shop = t.shop AND r.metric = t.metric
    AND r.currency IS NOT DISTINCT FROM coalesce(nullif(t.currency, ''), s.currency)
WHERE t.month = $month::DATE AND ($shops IS NULL OR list_contains($shops, t.shop))
ORDER BY t.shop, t.metric
