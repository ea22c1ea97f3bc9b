-- mart: activity
-- replace: all
-- grain: activity; one thing done, due or tried for a plan's node
-- reads: activity
SELECT activity, shop, plan, node, what, unit, due, done_at, qty, result, owner, evidence, note, source, as_of
FROM activity
WHERE NOT coalesce(is_removed, FALSE)
