-- purpose: how far each shop's sources reach, to tell which of today's files are missing
-- params:  shops VARCHAR[] (NULL = all), day_from DATE, day_to DATE (window in which missing days are counted)
-- grain:   one row per shop and source that was ever imported
-- units:   covered_days and partial_days count days of the window; last_sealed_at in UTC; a day at the edge of an
--          export is whole when the export was made after that day had ended
-- reads:   coverage, package, source, shop
WITH covered_days AS (
    SELECT shop, source, day, bool_and(is_partial AND as_of < day + INTERVAL 1 DAY) AS is_partial
    FROM coverage
    WHERE $shops IS NULL OR list_contains($shops, shop)
    GROUP BY shop, source, day
), reach AS (
    SELECT shop, source, min(day) AS first_day, max(day) AS last_day,
           max(day) FILTER (WHERE NOT is_partial) AS last_full_day,
           count(*) FILTER (WHERE day BETWEEN $day_from AND $day_to) AS covered_days,
           count(*) FILTER (WHERE day BETWEEN $day_from AND $day_to AND is_partial) AS partial_days
    FROM covered_days
    GROUP BY shop, source
), arrivals AS (
    SELECT shop, source, count(*) AS packages, max(sealed_at) AS last_sealed_at,
           max_by(file_name, sealed_at) AS last_file
    FROM package
    WHERE state = 'committed' AND kind IN ('file', 'api') AND ($shops IS NULL OR list_contains($shops, shop))
    GROUP BY shop, source
)
SELECT arrivals.shop, arrivals.source, shop.platform, shop.zone, source.kind, source.label_zh, source.label_en,
       reach.first_day, reach.last_day, reach.last_full_day,
       coalesce(reach.covered_days, 0) AS covered_days, coalesce(reach.partial_days, 0) AS partial_days,
       arrivals.packages, arrivals.last_sealed_at, arrivals.last_file
FROM arrivals
LEFT JOIN reach USING (shop, source)
LEFT JOIN shop ON shop.shop = arrivals.shop
LEFT JOIN source ON source.source = arrivals.source
ORDER BY arrivals.shop, source.kind, arrivals.source
