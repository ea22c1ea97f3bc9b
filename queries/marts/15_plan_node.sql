-- mart: plan_node
-- replace: all
-- grain: plan, node of the plan's latest version
-- reads: plan_node, mart.plan
SELECT n.plan, n.node, n.parent, n.seq, n.kind, n.name, n.metric, n.shop, n.scope, n.period_kind, n.day, n.day_to, n.currency,
       n.target, n.target_min, n.target_max, n.unit, n.direction, n.state, n.owner, n.note, n.spec
FROM plan_node n JOIN mart.plan p ON p.plan = n.plan AND p.version = n.version
WHERE NOT coalesce(n.is_removed, FALSE)
