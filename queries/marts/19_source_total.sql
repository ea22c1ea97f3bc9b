-- mart: source_total
-- replace: all
-- grain: package, part, name
-- reads: source_total
SELECT package, shop, source, part, name, stated, summed, difference, note
FROM source_total
