-- mart: target
-- replace: all
-- grain: shop, metric, month; only figures somebody typed as a month's target
-- reads: plan_node
SELECT shop, metric, CAST(date_trunc('month', day) AS DATE) AS month, max(target) AS value, max(currency) AS currency
FROM plan_node
WHERE plan = 'targets' AND period_kind = 'month' AND target IS NOT NULL AND NOT coalesce(is_removed, FALSE)
GROUP BY shop, metric, CAST(date_trunc('month', day) AS DATE)
