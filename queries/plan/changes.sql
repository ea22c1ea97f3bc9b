-- purpose: what a version of a plan changed, node by node
-- params:  plan VARCHAR, version VARCHAR
-- grain:   one row per node that was added, changed or dropped
-- units:   before and after are whole nodes as typed, JSON; NULL when the node was not there
-- reads:   plan_change
SELECT node, before, after
FROM plan_change
WHERE plan = $plan AND version = $version
ORDER BY node
