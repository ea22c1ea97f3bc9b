-- mart: coverage
-- replace: touched
-- grain: shop, source, target, account, day; partial only when every package that covers the day holds part of it
-- reads: coverage
SELECT c.shop, c.source, c.target, coalesce(c.account, '') AS account, c.day,
       bool_and(coalesce(c.is_partial, FALSE)) AS is_partial, max(c.as_of) AS as_of
FROM coverage c JOIN touched t ON t.shop = c.shop AND t.day = c.day
GROUP BY c.shop, c.source, c.target, coalesce(c.account, ''), c.day
