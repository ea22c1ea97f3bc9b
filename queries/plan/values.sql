-- purpose: actuals that somebody typed for the nodes of a plan
-- params:  plan VARCHAR
-- grain:   one row per node, unit and day
-- units:   value in the node's own unit; of_value is the part below the line of a ratio, else NULL
-- reads:   plan_value
SELECT node, unit, day, value, of_value, as_of
FROM plan_value
WHERE plan = $plan
ORDER BY node, day, unit
