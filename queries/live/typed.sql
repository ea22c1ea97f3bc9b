-- purpose: what a person typed of one live session when it ended
-- params:  shops VARCHAR[] NULL, session VARCHAR
-- grain:   one row, of the report typed for the latest start; none where nobody typed
-- units:   live_sales, ad_spend in the session's currency; duration_s, avg_watch_s in seconds
-- reads:   live_typed
SELECT started_at, viewers, pcu, live_sales, orders, new_followers, ad_spend, duration_s, avg_watch_s
FROM live_typed
WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))
ORDER BY shop, started_at DESC
LIMIT 1
