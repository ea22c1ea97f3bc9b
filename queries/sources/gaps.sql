-- purpose: runs of days that a source does not answer for, between its first day and the last day asked about
-- params:  shops VARCHAR[] (NULL = all), day_from DATE, day_to DATE (both inclusive)
-- grain:   one row per shop, source and run of missing days
-- units:   gap_from and gap_to are days, both inclusive; days counts them
-- reads:   coverage, source
WITH covered_days AS (
    SELECT DISTINCT shop, source, day
    FROM coverage
    WHERE day <= $day_to AND source <> 'typed' AND ($shops IS NULL OR list_contains($shops, shop))
), steps AS (
    SELECT shop, source, day, lead(day) OVER (PARTITION BY shop, source ORDER BY day) AS next_day
    FROM covered_days
), holes AS (
    SELECT shop, source, greatest(day + 1, $day_from) AS gap_from,
           coalesce(next_day - 1, $day_to) AS gap_to
    FROM steps
    WHERE coalesce(next_day - 1, $day_to) >= greatest(day + 1, $day_from)
)
SELECT holes.shop, holes.source, source.kind, source.label_zh, source.label_en,
       holes.gap_from, holes.gap_to, holes.gap_to - holes.gap_from + 1 AS days
FROM holes
LEFT JOIN source ON source.source = holes.source
ORDER BY holes.gap_to DESC, holes.shop, holes.source, holes.gap_from
