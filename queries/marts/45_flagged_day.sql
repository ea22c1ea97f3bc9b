-- mart: flagged_day
-- replace: touched
-- grain: shop, currency, day, flag; paid orders of the day's order list that are left out of every metric
-- reads: mart.flagged_order, mart.order_source
SELECT f.shop, f.currency, f.day, f.flag, count(*) AS orders, CAST(sum(f.amount) AS DECIMAL(18,4)) AS amount
FROM mart.flagged_order f
JOIN touched t ON t.shop = f.shop AND t.day = f.day
LEFT JOIN mart.order_source o ON o.shop = f.shop AND o.day = f.day
WHERE f.is_paid AND (o.source IS NULL OR o.source = f.source)
GROUP BY f.shop, f.currency, f.day, f.flag
