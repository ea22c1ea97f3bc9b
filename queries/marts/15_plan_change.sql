-- mart: plan_change
-- replace: all
-- grain: plan, version, node that the version added, changed or dropped; before and after are whole nodes as JSON
-- reads: plan_node, plan_version
WITH versions AS (
    SELECT plan, version, lag(version) OVER (PARTITION BY plan ORDER BY version) AS earlier FROM plan_version
),
after AS (SELECT v.plan, v.version, n.node, n.shop, n.spec FROM versions v JOIN plan_node n ON n.plan = v.plan AND n.version = v.version),
before AS (SELECT v.plan, v.version, n.node, n.shop, n.spec FROM versions v JOIN plan_node n ON n.plan = v.plan AND n.version = v.earlier)
SELECT plan, version, node, coalesce(a.shop, b.shop) AS shop, b.spec AS before, a.spec AS after
FROM after a FULL JOIN before b USING (plan, version, node)
WHERE a.spec IS DISTINCT FROM b.spec
