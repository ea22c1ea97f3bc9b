-- mart: visit_day
-- replace: touched
-- grain: shop, source, currency, day; event logs: a visitor is anybody who did anything that day
-- reads: visit, mart.shop, mart.covered_day
WITH seen AS (
    SELECT v.shop, v.source, t.day, count(DISTINCT v.visitor) AS visitors,
           count(CASE WHEN v.kind = 'view' THEN 1 END) AS page_views,
           count(DISTINCT CASE WHEN v.kind = 'cart' THEN v.visitor END) AS cart_users,
           count(DISTINCT CASE WHEN v.kind = 'favourite' THEN v.visitor END) AS fav_users,
           count(DISTINCT CASE WHEN v.kind = 'buy' THEN v.visitor END) AS paying_buyers, max(v.as_of) AS as_of
    FROM visit v
    JOIN touched t ON t.shop = v.shop AND t.day = CAST(v.happened_at AS DATE)
    WHERE v.happened_at >= getvariable('first_day') AND v.happened_at < getvariable('end_day')
    GROUP BY v.shop, v.source, t.day
),
covered AS (
    SELECT c.shop, c.source, c.day, c.state, c.as_of
    FROM mart.covered_day c JOIN touched t ON t.shop = c.shop AND t.day = c.day
    WHERE c.target = 'visit'
),
keys AS (SELECT shop, source, day FROM seen UNION SELECT shop, source, day FROM covered)
SELECT k.shop, k.source, s.currency, k.day,
       CAST(coalesce(v.visitors, 0) AS DECIMAL(18,4)) AS visitors, CAST(coalesce(v.page_views, 0) AS DECIMAL(18,4)) AS page_views,
       CAST(coalesce(v.cart_users, 0) AS DECIMAL(18,4)) AS cart_users, CAST(coalesce(v.fav_users, 0) AS DECIMAL(18,4)) AS fav_users,
       CAST(coalesce(v.paying_buyers, 0) AS DECIMAL(18,4)) AS paying_buyers,
       coalesce(c.state, 'stray') AS state, greatest(c.as_of, v.as_of) AS as_of
FROM keys k
JOIN mart.shop s ON s.shop = k.shop
LEFT JOIN seen v ON v.shop = k.shop AND v.source = k.source AND v.day = k.day
LEFT JOIN covered c ON c.shop = k.shop AND c.source = k.source AND c.day = k.day
