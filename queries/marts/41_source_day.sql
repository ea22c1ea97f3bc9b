-- mart: source_day
-- replace: touched
-- grain: shop, currency, day, carrier, level1..level4; whole-shop traffic sources, one report a shop and day; depth counts the levels given
-- reads: source_day, mart.shop, mart.source, mart.covered_day
WITH reported AS (
    SELECT d.shop, d.source, d.currency, d.day, coalesce(d.carrier, '') AS carrier, coalesce(d.level1, '') AS level1,
           coalesce(d.level2, '') AS level2, coalesce(d.level3, '') AS level3, coalesce(d.level4, '') AS level4,
           bool_or(coalesce(d.is_paid, FALSE)) AS is_paid, bool_or(coalesce(d.is_subtotal, FALSE)) AS is_subtotal,
           sum(d.visitors) AS visitors, sum(d.new_visitors) AS new_visitors, sum(d.page_views) AS page_views, sum(d.cart_users) AS cart_users,
           sum(d.fav_users) AS fav_users, sum(d.placed_buyers) AS placed_buyers, sum(d.placed_amount) AS placed_amount,
           sum(d.paying_buyers) AS paying_buyers, sum(d.sales) AS sales, max(d.as_of) AS as_of
    FROM source_day d
    JOIN touched t ON t.shop = d.shop AND t.day = d.day
    WHERE d.day >= getvariable('first_day') AND d.day <= getvariable('last_day')
      AND coalesce(d.item_id, '') = ''
    GROUP BY d.shop, d.source, d.currency, d.day, coalesce(d.carrier, ''), coalesce(d.level1, ''), coalesce(d.level2, ''),
             coalesce(d.level3, ''), coalesce(d.level4, '')
),
sources AS (SELECT DISTINCT shop, source, day FROM reported),
ranked AS (
    SELECT r.shop, r.day, r.source,
           row_number() OVER (PARTITION BY r.shop, r.day ORDER BY CASE WHEN c.state IS NULL THEN 1 ELSE 0 END,
                              coalesce(s.rank, 99), r.source) AS place
    FROM sources r
    LEFT JOIN mart.covered_day c ON c.shop = r.shop AND c.source = r.source AND c.target = 'source_day' AND c.day = r.day
    LEFT JOIN mart.source s ON s.source = r.source
)
SELECT r.shop, s.platform, coalesce(r.currency, s.currency) AS currency, r.day, r.source, r.carrier, r.level1, r.level2, r.level3, r.level4,
       CASE WHEN r.level4 <> '' THEN 4 WHEN r.level3 <> '' THEN 3 WHEN r.level2 <> '' THEN 2 WHEN r.level1 <> '' THEN 1 ELSE 0 END AS depth,
       r.is_paid, r.is_subtotal, CAST(r.visitors AS DECIMAL(18,4)) AS visitors, CAST(r.new_visitors AS DECIMAL(18,4)) AS new_visitors,
       CAST(r.page_views AS DECIMAL(18,4)) AS page_views, CAST(r.cart_users AS DECIMAL(18,4)) AS cart_users,
       CAST(r.fav_users AS DECIMAL(18,4)) AS fav_users, CAST(r.placed_buyers AS DECIMAL(18,4)) AS placed_buyers,
       CAST(r.placed_amount AS DECIMAL(18,4)) AS placed_amount, CAST(r.paying_buyers AS DECIMAL(18,4)) AS paying_buyers,
       CAST(r.sales AS DECIMAL(18,4)) AS sales, r.as_of
FROM reported r
JOIN ranked k ON k.shop = r.shop AND k.day = r.day AND k.source = r.source AND k.place = 1
JOIN mart.shop s ON s.shop = r.shop
