-- mart: live_channel
-- replace: touched
-- grain: shop, session, kind, channel; the channels of a session from the best report that lists them
-- reads: live_channel, mart.live_member, mart.shop
WITH listed AS (
    SELECT m.shop, m.day, m.session, c.source, c.kind, c.channel, c.currency, c.viewers, c.views, c.watch_s, c.orders, c.user_paid,
           c.ad_spend, c.impressions, dense_rank() OVER (PARTITION BY m.shop, m.session, c.kind ORDER BY m.place) AS report_place
    FROM mart.live_member m
    JOIN touched t ON t.shop = m.shop AND t.day = m.day
    JOIN live_channel c ON c.shop = m.shop AND c.source = m.source AND coalesce(c.account, '') = m.account AND c.started_at = m.started_at
    WHERE NOT m.is_minutes AND m.session IS NOT NULL
)
SELECT l.shop, l.day, l.session, l.kind, l.channel, coalesce(l.currency, s.currency) AS currency, l.viewers, l.views, l.watch_s,
       l.orders, l.user_paid, l.ad_spend, l.impressions, l.source
FROM listed l JOIN mart.shop s ON s.shop = l.shop
WHERE l.report_place = 1
