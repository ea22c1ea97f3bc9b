-- mart: item_total
-- replace: touched
-- grain: shop, source, currency, day; item reports added up over items, additive figures only (people and orders are never added)
-- reads: item_day, mart.shop, mart.covered_day
WITH added AS (
    SELECT i.shop, i.source, coalesce(i.currency, s.currency) AS currency, i.day,
           sum(i.sales) AS sales, sum(i.units) AS units, sum(i.placed_amount) AS placed_amount,
           sum(i.refunds) AS refunds, sum(i.cart_units) AS cart_units, max(i.as_of) AS as_of
    FROM item_day i
    JOIN touched t ON t.shop = i.shop AND t.day = i.day
    JOIN mart.shop s ON s.shop = i.shop
    WHERE i.day >= getvariable('first_day') AND i.day <= getvariable('last_day')
    GROUP BY i.shop, i.source, coalesce(i.currency, s.currency), i.day
),
covered AS (
    SELECT c.shop, c.source, s.currency, c.day, c.state, c.as_of
    FROM mart.covered_day c
    JOIN touched t ON t.shop = c.shop AND t.day = c.day
    JOIN mart.shop s ON s.shop = c.shop
    WHERE c.target = 'item_day'
),
keys AS (
    SELECT shop, source, currency, day, 0 AS is_empty FROM added
    UNION ALL SELECT c.shop, c.source, c.currency, c.day, 1 AS is_empty FROM covered c
    WHERE NOT EXISTS (SELECT 1 FROM added f WHERE f.shop = c.shop AND f.source = c.source AND f.day = c.day)
)
SELECT k.shop, k.source, k.currency, k.day,
       CAST(CASE WHEN k.is_empty = 1 THEN 0 ELSE a.sales END AS DECIMAL(18,4)) AS sales,
       CAST(CASE WHEN k.is_empty = 1 THEN 0 ELSE a.units END AS DECIMAL(18,4)) AS units,
       CAST(a.placed_amount AS DECIMAL(18,4)) AS placed_amount,
       CAST(a.refunds AS DECIMAL(18,4)) AS refunds,
       CAST(a.cart_units AS DECIMAL(18,4)) AS cart_units,
       coalesce(c.state, 'stray') AS state, greatest(c.as_of, a.as_of) AS as_of
FROM keys k
LEFT JOIN added a ON a.shop = k.shop AND a.source = k.source AND a.currency = k.currency AND a.day = k.day
LEFT JOIN covered c ON c.shop = k.shop AND c.source = k.source AND c.day = k.day
