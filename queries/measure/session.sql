-- purpose: parts of a metric from live_session, for totals and by session
-- params:  day_from DATE, day_to DATE, shops VARCHAR[], by_day BOOLEAN, by_shop BOOLEAN, by_platform BOOLEAN, by_session BOOLEAN, numerator VARCHAR, denominator VARCHAR (NULL: not a ratio)
-- grain:   one row per currency and chosen grouping
-- units:   up and down are the summed parts over the rows where both are known (top: the highest up); cells and days count those
-- reads:   live_session
WITH figures AS (
    SELECT shop, platform, currency, day, session AS part_id, coalesce(title, account_name) AS title, sources AS source, as_of AS as_of, TRUE AS is_ok,
           CASE $numerator WHEN 'live_sessions' THEN 1 WHEN 'live_hours' THEN duration_s / 3600
                       WHEN 'live_impression_users' THEN room_impression_users WHEN 'live_viewers' THEN viewers
                       WHEN 'live_views' THEN views WHEN 'live_sales' THEN live_sales
                       WHEN 'live_user_paid' THEN user_paid WHEN 'live_orders' THEN orders
                       WHEN 'live_buyers' THEN buyers WHEN 'live_units' THEN units WHEN 'live_watch_s' THEN watch_s
                       WHEN 'live_online_s' THEN coalesce(acu * duration_s, watch_s) WHEN 'pcu' THEN pcu
                       WHEN 'new_followers' THEN new_followers WHEN 'live_comments' THEN comments
                       WHEN 'product_impression_users' THEN product_impression_users
                       WHEN 'product_click_users' THEN product_click_users WHEN 'live_refunds' THEN refunds
                       WHEN 'live_refund_1h' THEN refund_1h WHEN 'live_ad_spend' THEN ad_spend END AS up,
           CASE $denominator WHEN 'live_sessions' THEN 1 WHEN 'live_hours' THEN duration_s / 3600
                       WHEN 'live_impression_users' THEN room_impression_users WHEN 'live_viewers' THEN viewers
                       WHEN 'live_views' THEN views WHEN 'live_sales' THEN live_sales
                       WHEN 'live_user_paid' THEN user_paid WHEN 'live_orders' THEN orders
                       WHEN 'live_buyers' THEN buyers WHEN 'live_units' THEN units WHEN 'live_watch_s' THEN watch_s
                       WHEN 'live_online_s' THEN coalesce(acu * duration_s, watch_s) WHEN 'pcu' THEN pcu
                       WHEN 'new_followers' THEN new_followers WHEN 'live_comments' THEN comments
                       WHEN 'product_impression_users' THEN product_impression_users
                       WHEN 'product_click_users' THEN product_click_users WHEN 'live_refunds' THEN refunds
                       WHEN 'live_refund_1h' THEN refund_1h WHEN 'live_ad_spend' THEN ad_spend END AS down
    FROM live_session
    WHERE day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
),
f AS (SELECT *, up IS NOT NULL AND ($denominator IS NULL OR down IS NOT NULL) AS is_whole FROM figures)
SELECT CASE WHEN $by_day THEN f.day END AS day, CASE WHEN $by_shop THEN f.shop END AS shop, CASE WHEN $by_platform THEN f.platform END AS platform,
       CASE WHEN $by_session THEN f.part_id END AS session, CASE WHEN $by_session THEN max(f.title) END AS title, f.currency,
       sum(f.up) FILTER (WHERE f.is_whole) AS up, sum(f.down) FILTER (WHERE f.is_whole) AS down, max(f.up) FILTER (WHERE f.is_whole) AS top,
       count(*) FILTER (WHERE f.is_whole) AS cells, count(*) AS seen, CAST(list_unique(list(f.day) FILTER (WHERE f.is_whole)) AS BIGINT) AS days,
       CAST(list_unique(list(f.shop)) AS BIGINT) AS shops, min(f.shop) AS one_shop, bool_and(f.is_ok) AS is_ok,
       array_to_string(list_sort(list_distinct(list(f.source) FILTER (WHERE f.is_whole))), '+') AS source, min(f.as_of) FILTER (WHERE f.is_whole) AS as_of
FROM f
GROUP BY f.currency, CASE WHEN $by_day THEN f.day END, CASE WHEN $by_shop THEN f.shop END, CASE WHEN $by_platform THEN f.platform END,
         CASE WHEN $by_session THEN f.part_id END
HAVING count(*) FILTER (WHERE f.is_whole) > 0
