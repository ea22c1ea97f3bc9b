-- purpose: everything that entered the book, newest first, with what it did
-- params:  shops VARCHAR[] (NULL = all), max_rows BIGINT
-- grain:   one row per package
-- units:   rows; sealed_at in UTC; as_of in the shop's local time; day_from and day_to are the stated window
-- reads:   package, source
SELECT package.package, package.kind, package.shop, package.source, source.label_zh, source.label_en,
       package.file_name, package.author, package.sealed_at, package.as_of, package.day_from, package.day_to,
       package.rows_read, package.rows_stored, package.rows_quarantined,
       package.unknown_columns, package.removed_columns, package.state, package.refers
FROM package
LEFT JOIN source ON source.source = package.source
WHERE $shops IS NULL OR list_contains($shops, package.shop)
ORDER BY package.sealed_at DESC, package.package DESC
LIMIT $max_rows
