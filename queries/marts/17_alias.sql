-- mart: alias
-- replace: all
-- grain: alias, platform; words of plans that somebody taught the book
-- reads: alias
SELECT alias, platform, name
FROM alias
WHERE NOT coalesce(is_removed, FALSE)
