-- mart: plan_version
-- replace: all
-- grain: plan, version; every version that stands (an undone one is gone)
-- reads: plan_version
SELECT plan, version, title, author, state, shop, nodes, comment, coalesce(is_removed, FALSE) AS is_removed, package, as_of
FROM plan_version
