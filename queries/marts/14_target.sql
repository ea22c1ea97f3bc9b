-- mart: target
-- replace: all
-- grain: shop, metric, month; a month's target that somebody typed or an issued plan states, the later of the two
-- reads: plan_node, plan_version
WITH latest AS (SELECT plan, max(version) AS version FROM plan_version GROUP BY plan),
standing AS (
    SELECT n.* FROM plan_node n LEFT JOIN latest l ON l.plan = n.plan
    WHERE NOT coalesce(n.is_removed, FALSE) AND n.version = coalesce(l.version, '') AND n.state = 'issued'
)
SELECT shop, metric, CAST(date_trunc('month', day) AS DATE) AS month,
       max_by(target, (updated_at, plan, node)) AS value, max_by(currency, (updated_at, plan, node)) AS currency
FROM standing
WHERE target IS NOT NULL AND metric IS NOT NULL AND coalesce(shop, '') <> '' AND coalesce(scope, '') IN ('', '{}')
  AND day = date_trunc('month', day) AND day_to = last_day(day)
GROUP BY shop, metric, CAST(date_trunc('month', day) AS DATE)
