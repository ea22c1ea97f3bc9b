-- purpose: the versions of a plan, newest first, with what each changed
-- params:  plan VARCHAR
-- grain:   one row per version
-- units:   added, changed and dropped count nodes; version is the moment of saving, UTC
-- reads:   plan_change, plan_version
WITH changes AS (
    SELECT version, count(*) FILTER (WHERE before IS NULL) AS added, count(*) FILTER (WHERE after IS NULL) AS dropped,
           count(*) FILTER (WHERE before IS NOT NULL AND after IS NOT NULL) AS changed
    FROM plan_change WHERE plan = $plan GROUP BY version
)
SELECT v.version, v.author, v.comment, v.state, v.nodes, v.is_removed, v.package,
       coalesce(c.added, 0) AS added, coalesce(c.changed, 0) AS changed, coalesce(c.dropped, 0) AS dropped
FROM plan_version v LEFT JOIN changes c ON c.version = v.version
WHERE v.plan = $plan
ORDER BY v.version DESC
