-- mart: quarantine
-- replace: all
-- grain: package, part, target, row_no
-- reads: quarantine
SELECT package, shop, source, part, target, row_no, name, value, reason, raw
FROM quarantine
