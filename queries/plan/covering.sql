-- purpose: which lines of issued plans are about these metrics, or about live sessions, on these days
-- params:  metrics VARCHAR[], sessions BOOLEAN, day_from DATE, day_to DATE
-- grain:   one row per node, later issued plans first, in the order they were written
-- units:   issued is the moment of saving, UTC; day_to NULL is an open end; is_month: what queries/marts/14_target.sql takes for a month's target
-- reads:   plan, plan_node
SELECT n.plan, coalesce(p.title, n.plan) AS title, coalesce(p.version, '') AS issued, n.node, n.metric, n.shop, n.scope, n.day, n.day_to,
       coalesce(n.target IS NOT NULL AND coalesce(n.shop, '') <> '' AND coalesce(n.scope, '') IN ('', '{}')
                AND n.day = date_trunc('month', n.day) AND n.day_to = last_day(n.day), FALSE) AS is_month
FROM plan_node n LEFT JOIN plan p ON p.plan = n.plan
WHERE n.state = 'issued' AND coalesce(p.state, 'issued') = 'issued'
  AND n.kind NOT IN ('practice', 'series', 'exclude', 'evidence', 'risk', 'note')
  AND (list_contains($metrics::VARCHAR[], n.metric) OR ($sessions::BOOLEAN AND n.period_kind = 'session'))
  AND n.day <= $day_to::DATE AND coalesce(n.day_to, DATE '9999-12-31') >= $day_from::DATE
ORDER BY issued DESC, n.plan, n.seq
