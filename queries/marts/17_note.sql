-- mart: note
-- replace: all
-- grain: note
-- reads: note
SELECT note, shop, day, text, author, updated_at
FROM note
WHERE NOT coalesce(is_removed, FALSE)
