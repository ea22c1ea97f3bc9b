-- mart: live_day
-- replace: touched
-- grain: shop, source, currency, day; sessions added up on their start day; a covered day without sessions has 0 sessions and 0 sales,
--        the other figures have no row there (a report may never state them)
-- reads: mart.live_session, mart.shop, mart.covered_day
WITH added AS (
    SELECT l.shop, l.currency, l.day, string_agg(DISTINCT l.sources, '+' ORDER BY l.sources) AS source,
           count(*) AS live_sessions, sum(l.duration_s) / 3600 AS live_hours, sum(l.viewers) AS live_viewers, sum(l.views) AS live_views,
           sum(l.room_impression_users) AS live_impression_users, sum(l.live_sales) AS live_sales, sum(l.user_paid) AS live_user_paid,
           sum(l.orders) AS live_orders, sum(l.buyers) AS live_buyers, sum(l.units) AS live_units, sum(l.watch_s) AS live_watch_s,
           sum(CASE WHEN l.acu IS NOT NULL THEN l.acu * l.duration_s ELSE l.watch_s END) AS live_online_s,
           max(l.pcu) AS pcu, sum(l.new_followers) AS new_followers, sum(l.comments) AS live_comments,
           sum(l.product_impression_users) AS product_impression_users, sum(l.product_click_users) AS product_click_users,
           sum(l.refunds) AS live_refunds, sum(l.refund_1h) AS live_refund_1h, sum(l.ad_spend) AS live_ad_spend, max(l.as_of) AS as_of
    FROM mart.live_session l JOIN touched t ON t.shop = l.shop AND t.day = l.day
    GROUP BY l.shop, l.currency, l.day
),
covered AS (
    SELECT c.shop, s.currency, c.day, min(c.source) AS source, min(c.state) AS state, min(c.as_of) AS as_of
    FROM mart.covered_day c
    JOIN touched t ON t.shop = c.shop AND t.day = c.day
    JOIN mart.shop s ON s.shop = c.shop
    WHERE c.target = 'live_session'
    GROUP BY c.shop, s.currency, c.day
),
keys AS (
    SELECT shop, currency, day FROM added
    UNION SELECT c.shop, c.currency, c.day FROM covered c
    WHERE NOT EXISTS (SELECT 1 FROM added f WHERE f.shop = c.shop AND f.day = c.day)
)
SELECT k.shop, coalesce(a.source, c.source) AS source, k.currency, k.day,
       CAST(coalesce(a.live_sessions, 0) AS DECIMAL(18,4)) AS live_sessions,
       CAST(a.live_hours AS DECIMAL(18,4)) AS live_hours,
       CAST(a.live_viewers AS DECIMAL(18,4)) AS live_viewers,
       CAST(a.live_views AS DECIMAL(18,4)) AS live_views,
       CAST(a.live_impression_users AS DECIMAL(18,4)) AS live_impression_users,
       CAST(CASE WHEN a.shop IS NULL THEN 0 ELSE a.live_sales END AS DECIMAL(18,4)) AS live_sales,
       CAST(a.live_user_paid AS DECIMAL(18,4)) AS live_user_paid,
       CAST(a.live_orders AS DECIMAL(18,4)) AS live_orders,
       CAST(a.live_buyers AS DECIMAL(18,4)) AS live_buyers,
       CAST(a.live_units AS DECIMAL(18,4)) AS live_units,
       CAST(a.live_watch_s AS DECIMAL(18,4)) AS live_watch_s, CAST(a.live_online_s AS DECIMAL(18,4)) AS live_online_s,
       CAST(a.pcu AS DECIMAL(18,4)) AS pcu,
       CAST(a.new_followers AS DECIMAL(18,4)) AS new_followers,
       CAST(a.live_comments AS DECIMAL(18,4)) AS live_comments,
       CAST(a.product_impression_users AS DECIMAL(18,4)) AS product_impression_users,
       CAST(a.product_click_users AS DECIMAL(18,4)) AS product_click_users,
       CAST(a.live_refunds AS DECIMAL(18,4)) AS live_refunds,
       CAST(a.live_refund_1h AS DECIMAL(18,4)) AS live_refund_1h,
       CAST(a.live_ad_spend AS DECIMAL(18,4)) AS live_ad_spend,
       coalesce(c.state, 'ok') AS state, greatest(c.as_of, a.as_of) AS as_of
FROM keys k
LEFT JOIN added a ON a.shop = k.shop AND a.currency = k.currency AND a.day = k.day
LEFT JOIN covered c ON c.shop = k.shop AND c.day = k.day
