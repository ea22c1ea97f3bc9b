-- purpose: which days each source answers for, drawn as a calendar strip
-- params:  shops VARCHAR[] (NULL = all), day_from DATE, day_to DATE (both inclusive)
-- grain:   one row per shop, source and covered day; a day without a row is not covered
-- units:   state is full or partial; as_of is the shop's local time of the newest export that covers the day
-- reads:   coverage, source
SELECT coverage.shop, coverage.source, source.kind, source.label_zh, source.label_en, coverage.day,
       CASE WHEN bool_and(coverage.is_partial) THEN 'partial' ELSE 'full' END AS state,
       max(coverage.as_of) AS as_of
FROM coverage
LEFT JOIN source ON source.source = coverage.source
WHERE coverage.day BETWEEN $day_from AND $day_to
  AND coverage.source <> 'typed'
  AND ($shops IS NULL OR list_contains($shops, coverage.shop))
GROUP BY coverage.shop, coverage.source, source.kind, source.label_zh, source.label_en, coverage.day
ORDER BY coverage.shop, source.kind, coverage.source, coverage.day
