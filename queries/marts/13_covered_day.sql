-- mart: covered_day
-- replace: touched
-- grain: shop, source, target, day; partial when any account of the source is
-- reads: mart.coverage
SELECT c.shop, c.source, c.target, c.day, CASE WHEN bool_or(c.is_partial) THEN 'partial' ELSE 'ok' END AS state, max(c.as_of) AS as_of
FROM mart.coverage c JOIN touched t ON t.shop = c.shop AND t.day = c.day
GROUP BY c.shop, c.source, c.target, c.day
