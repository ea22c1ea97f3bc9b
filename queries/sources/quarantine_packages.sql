-- purpose: imports with rows that could not be read, and the reasons, to decide between retry and accept
-- params:  shops VARCHAR[] (NULL = all)
-- grain:   one row per package with rows in quarantine that nobody has accepted to do without
-- units:   rows; reasons lists each different reason once; sealed_at in UTC
-- reads:   quarantine, package
SELECT package.package, package.shop, package.source, package.file_name, package.sealed_at,
       count(DISTINCT (quarantine.part, quarantine.row_no)) AS rows_waiting, package.rows_read, package.rows_stored,
       string_agg(DISTINCT quarantine.reason, '; ' ORDER BY quarantine.reason) AS reasons
FROM quarantine
JOIN package ON package.package = quarantine.package AND package.state = 'committed'
LEFT JOIN package AS accepted ON accepted.refers = package.package AND accepted.kind = 'accept'
WHERE accepted.package IS NULL AND ($shops IS NULL OR list_contains($shops, quarantine.shop))
GROUP BY package.package, package.shop, package.source, package.file_name, package.sealed_at, package.rows_read, package.rows_stored
ORDER BY package.sealed_at DESC, package.package
