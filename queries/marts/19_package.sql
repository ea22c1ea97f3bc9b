-- mart: package
-- replace: all
-- grain: package; undone_by names the package that took it back
-- reads: package
SELECT p.package, p.source, p.kind, p.shop, p.account, p.platform, p.file_name, p.sha256, p.author, p.sealed_at, p.as_of,
       p.day_from, p.day_to, p.is_complete, p.rows_read, p.rows_stored, p.rows_quarantined, p.unknown_columns, p.removed_columns,
       p.state, p.refers, u.undone_by
FROM package p
LEFT JOIN (SELECT refers, max(package) AS undone_by FROM package WHERE kind = 'undo' AND refers IS NOT NULL GROUP BY refers) u ON u.refers = p.package
