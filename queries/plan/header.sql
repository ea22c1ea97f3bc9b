-- purpose: a plan's header as typed
-- params:  plan VARCHAR
-- grain:   one row, none when there is no such plan
-- units:   spec is the header whole, JSON
-- reads:   plan
SELECT plan, version, spec
FROM plan
WHERE plan = $plan
