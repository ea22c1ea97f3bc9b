-- mart: shop_day
-- replace: touched
-- grain: shop, currency, day, metric; the one figure that counts; ad figures are the sum over purses (sources joined by +);
--        covered without rows is 0, not covered has no row
-- reads: mart.check_day, mart.shop
SELECT c.shop, s.platform, c.currency, c.day, c.metric, string_agg(c.source, '+' ORDER BY c.source) AS source,
       CAST(sum(c.value) AS DECIMAL(18,4)) AS value, CASE WHEN bool_and(c.state = 'ok') THEN 'ok' ELSE 'partial' END AS state,
       min(c.as_of) AS as_of
FROM mart.check_day c
JOIN touched t ON t.shop = c.shop AND t.day = c.day
JOIN mart.shop s ON s.shop = c.shop
WHERE c.is_chosen
GROUP BY c.shop, s.platform, c.currency, c.day, c.metric
