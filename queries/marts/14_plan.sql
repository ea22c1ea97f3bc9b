-- mart: plan
-- replace: all
-- grain: plan; its latest version, and how many it has had
-- reads: plan_version
SELECT plan, max(version) AS version, count(*) AS versions, max_by(title, version) AS title, max_by(kind, version) AS kind,
       max_by(author, version) AS author, max_by(owner, version) AS owner, max_by(state, version) AS state, max_by(shop, version) AS shop,
       max_by(day, version) AS day, max_by(day_to, version) AS day_to, max_by(currency, version) AS currency,
       max_by(nodes, version) AS nodes, max_by(spec, version) AS spec, max(as_of) AS as_of
FROM plan_version
GROUP BY plan
HAVING NOT coalesce(max_by(is_removed, version), FALSE)
