-- mart: budget_day
-- replace: all
-- grain: shops, purse, currency, day
-- reads: budget_day
SELECT coalesce(shops, '') AS shops, coalesce(purse, '') AS purse, currency, day, amount
FROM budget_day
WHERE NOT coalesce(is_removed, FALSE) AND amount IS NOT NULL
