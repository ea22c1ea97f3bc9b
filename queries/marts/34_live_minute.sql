-- mart: live_minute
-- replace: touched
-- grain: shop, session, at; minute 0 is the session's first; one minute file a session; day is the session's start day
-- reads: live_minute, mart.live_member
WITH files AS (
    SELECT m.*, dense_rank() OVER (PARTITION BY m.shop, m.session ORDER BY m.rank, m.source, m.account) AS file_place
    FROM mart.live_member m JOIN touched t ON t.shop = m.shop AND t.day = m.day
    WHERE m.is_minutes AND m.session IS NOT NULL
),
span AS (SELECT min(started_at) AS first_at, max(ended_at) AS end_at FROM files)
SELECT f.shop, f.day, f.session, i.happened_at AS "at",
       CAST(floor(date_diff('second', f.session_started_at, i.happened_at) / 60.0) AS INTEGER) AS minute,
       i.enters, i.leaves, i.online, i.comments, i.likes, i.new_followers, i.product_impression_users, i.product_click_users,
       i.orders, i.live_sales, i.watch_s, i.step_s, i.source
FROM files f
JOIN live_minute i ON i.shop = f.shop AND i.source = f.source AND coalesce(i.account, '') = f.account
                  AND i.happened_at >= f.started_at AND i.happened_at < f.ended_at
JOIN span ON i.happened_at >= span.first_at AND i.happened_at < span.end_at
WHERE f.file_place = 1
