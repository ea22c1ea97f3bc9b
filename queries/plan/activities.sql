-- purpose: what was done or is due for the nodes of a plan
-- params:  plan VARCHAR
-- grain:   one row per activity; done_at NULL while it is only due
-- units:   qty pieces (NULL is one)
-- reads:   activity
SELECT activity, node, what, unit, due, done_at, qty, result, owner, evidence, note
FROM activity
WHERE plan = $plan
ORDER BY coalesce(done_at, due::TIMESTAMP), activity
