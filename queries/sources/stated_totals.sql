-- purpose: totals that a file states itself, held against the sum of its rows
-- params:  shops VARCHAR[] (NULL = all), package TEXT (NULL = every package)
-- grain:   one row per package, part and column with a stated total that differs
-- units:   stated, summed and difference in the column's own unit; difference = stated - summed
-- reads:   source_total, package
SELECT source_total.package, package.file_name, source_total.shop, source_total.source, package.sealed_at,
       source_total.part, source_total.name, source_total.stated, source_total.summed, source_total.difference, source_total.note
FROM source_total
JOIN package ON package.package = source_total.package AND package.state = 'committed'
WHERE source_total.difference <> 0
  AND ($shops IS NULL OR list_contains($shops, source_total.shop))
  AND ($package IS NULL OR source_total.package = $package)
ORDER BY package.sealed_at DESC, source_total.package, source_total.part, source_total.name
