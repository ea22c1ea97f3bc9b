-- purpose: parts of a metric from item_day, for totals and by item
-- params:  day_from DATE, day_to DATE, shops VARCHAR[], by_day BOOLEAN, by_shop BOOLEAN, by_platform BOOLEAN, by_item BOOLEAN, numerator VARCHAR, denominator VARCHAR (NULL: not a ratio)
-- grain:   one row per currency and chosen grouping
-- units:   up and down are the summed parts over the rows where both are known (top: the highest up); cells and days count those
-- reads:   item_day
WITH figures AS (
    SELECT shop, platform, currency, day, item_id AS part_id, title AS title, source AS source, as_of AS as_of, TRUE AS is_ok,
           CASE $numerator WHEN 'visitors' THEN visitors WHEN 'page_views' THEN page_views WHEN 'cart_users' THEN cart_users
                       WHEN 'cart_units' THEN cart_units WHEN 'fav_users' THEN fav_users
                       WHEN 'placed_amount' THEN placed_amount WHEN 'placed_buyers' THEN placed_buyers
                       WHEN 'sales' THEN sales WHEN 'paying_buyers' THEN paying_buyers
                       WHEN 'paid_orders' THEN paid_orders WHEN 'units' THEN units WHEN 'refunds' THEN refunds
                       WHEN 'net_sales' THEN sales - refunds END AS up,
           CASE $denominator WHEN 'visitors' THEN visitors WHEN 'page_views' THEN page_views WHEN 'cart_users' THEN cart_users
                       WHEN 'cart_units' THEN cart_units WHEN 'fav_users' THEN fav_users
                       WHEN 'placed_amount' THEN placed_amount WHEN 'placed_buyers' THEN placed_buyers
                       WHEN 'sales' THEN sales WHEN 'paying_buyers' THEN paying_buyers
                       WHEN 'paid_orders' THEN paid_orders WHEN 'units' THEN units WHEN 'refunds' THEN refunds
                       WHEN 'net_sales' THEN sales - refunds END AS down
    FROM item_day
    WHERE day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
),
f AS (SELECT *, up IS NOT NULL AND ($denominator IS NULL OR down IS NOT NULL) AS is_whole FROM figures)
SELECT CASE WHEN $by_day THEN f.day END AS day, CASE WHEN $by_shop THEN f.shop END AS shop, CASE WHEN $by_platform THEN f.platform END AS platform,
       CASE WHEN $by_item THEN f.part_id END AS item, CASE WHEN $by_item THEN max(f.title) END AS title, f.currency,
       sum(f.up) FILTER (WHERE f.is_whole) AS up, sum(f.down) FILTER (WHERE f.is_whole) AS down, max(f.up) FILTER (WHERE f.is_whole) AS top,
       count(*) FILTER (WHERE f.is_whole) AS cells, count(*) AS seen, count(*) FILTER (WHERE f.is_whole) AS days,
       1 AS shops, min(f.shop) AS one_shop, bool_and(f.is_ok) AS is_ok,
       min(f.source) || CASE WHEN max(f.source) > min(f.source) THEN '+' || max(f.source) ELSE '' END AS source, min(f.as_of) FILTER (WHERE f.is_whole) AS as_of
FROM f
GROUP BY f.currency, CASE WHEN $by_day THEN f.day END, CASE WHEN $by_shop THEN f.shop END, CASE WHEN $by_platform THEN f.platform END,
         CASE WHEN $by_item THEN f.part_id END
HAVING count(*) FILTER (WHERE f.is_whole) > 0
