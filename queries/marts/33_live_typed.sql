-- mart: live_typed
-- replace: touched
-- grain: shop, session, started_at; what a person typed of a session when it ended, as typed, also after files replaced it
-- reads: live_session, mart.live_member
SELECT m.shop, m.day, m.session, l.started_at, l.viewers, l.pcu, l.live_sales, l.orders, l.new_followers, l.ad_spend, l.duration_s, l.avg_watch_s
FROM mart.live_member m
JOIN touched t ON t.shop = m.shop AND t.day = m.day
JOIN live_session l ON l.shop = m.shop AND l.source = m.source AND coalesce(l.account, '') = m.account AND l.started_at = m.started_at
WHERE m.source = 'typed' AND NOT m.is_minutes AND m.session IS NOT NULL
