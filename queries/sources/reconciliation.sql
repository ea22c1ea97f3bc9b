-- purpose: where two sources state different figures for the same shop and metric (核对), and by how much at most
-- params:  shops VARCHAR[] (NULL = all), day_from DATE, day_to DATE (both inclusive)
-- grain:   one row per shop, currency, metric and second source
-- units:   difference = second source - source in use, of the day with the largest one, in the metric's own unit; days count days
-- reads:   check_day, source
WITH compared AS (
    SELECT shop, currency, metric, source, day, value, chosen_value, difference
    FROM check_day
    WHERE day BETWEEN $day_from AND $day_to AND NOT is_chosen AND chosen_value IS NOT NULL
      AND ($shops IS NULL OR list_contains($shops, shop))
), used AS (
    SELECT shop, currency, metric, day, min(source) AS chosen_source
    FROM check_day
    WHERE day BETWEEN $day_from AND $day_to AND is_chosen
    GROUP BY shop, currency, metric, day
), summary AS (
    SELECT compared.shop, compared.currency, compared.metric, compared.source,
           max_by(used.chosen_source, compared.day) AS chosen_source,
           count(*) AS days_compared, count(*) FILTER (WHERE compared.difference <> 0) AS days_different,
           max_by(compared.day, abs(compared.difference)) AS largest_day,
           max_by(compared.value, abs(compared.difference)) AS largest_value,
           max_by(compared.chosen_value, abs(compared.difference)) AS largest_chosen_value,
           max_by(compared.difference, abs(compared.difference)) AS largest_difference
    FROM compared
    LEFT JOIN used USING (shop, currency, metric, day)
    GROUP BY compared.shop, compared.currency, compared.metric, compared.source
)
SELECT summary.shop, summary.currency, summary.metric, summary.source, source.label_zh, source.label_en,
       summary.chosen_source, chosen.label_zh AS chosen_label_zh, chosen.label_en AS chosen_label_en,
       summary.days_compared, summary.days_different, summary.largest_day,
       summary.largest_value, summary.largest_chosen_value, summary.largest_difference
FROM summary
LEFT JOIN source ON source.source = summary.source
LEFT JOIN source AS chosen ON chosen.source = summary.chosen_source
ORDER BY summary.days_different DESC, summary.shop, summary.metric, summary.source
