-- purpose: rows of the files that could not be read, with the cell and why
-- params:  shops VARCHAR[] (NULL = all), package TEXT (NULL = every package), max_rows BIGINT
-- grain:   one row per package, part, target table and sheet row
-- units:   row_no is the row's number in the original sheet; raw is the row as it came
-- reads:   quarantine, package
SELECT quarantine.package, package.file_name, quarantine.shop, quarantine.source, package.sealed_at,
       quarantine.part, quarantine.target, quarantine.row_no, quarantine.name, quarantine.value,
       quarantine.reason, quarantine.raw
FROM quarantine
JOIN package ON package.package = quarantine.package AND package.state = 'committed'
WHERE ($shops IS NULL OR list_contains($shops, quarantine.shop))
  AND ($package IS NULL OR quarantine.package = $package)
ORDER BY package.sealed_at DESC, quarantine.package, quarantine.part, quarantine.row_no, quarantine.target
LIMIT $max_rows
