-- purpose: the nodes of a plan as its latest version states them
-- params:  plan VARCHAR
-- grain:   one row per node, in the order they were written
-- units:   target in the node's own unit (万 multiplied out, percents as shares); spec is the node as typed, JSON
-- reads:   plan_node
SELECT plan, node, parent, seq, kind, name, metric, shop, scope, period_kind, day, day_to, currency,
       target, target_min, target_max, unit, direction, state, owner, note, spec
FROM plan_node
WHERE plan = $plan
ORDER BY seq
