-- purpose: where a live session's viewers came from: channels and lead-in videos
-- params:  shops VARCHAR[] NULL, session VARCHAR
-- grain:   one row per kind (channel or video) and channel, as the report states it (groups and their members both)
-- units:   people distinct within the channel, so their sum can exceed the room; money in currency; avg_watch_s in seconds
-- reads:   live_channel
SELECT kind, channel, currency, viewers, views, orders, user_paid, ad_spend, impressions,
    watch_s / nullif(views, 0) AS avg_watch_s,
    orders / nullif(views, 0) AS watch_to_order_rate
FROM live_channel
WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))
ORDER BY kind, viewers DESC NULLS LAST, views DESC NULLS LAST, channel
LIMIT 500
