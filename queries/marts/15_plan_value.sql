-- mart: plan_value
-- replace: all
-- grain: plan, node, unit, day; actuals that somebody typed
-- reads: plan_value
SELECT plan, node, unit, day, shop, value, of_value, currency, note, source, as_of
FROM plan_value
WHERE NOT coalesce(is_removed, FALSE)
