-- purpose: one live session with up to seven sessions of the same account before it
-- params:  shops VARCHAR[] NULL, session VARCHAR
-- grain:   one row per session: the asked one first (place 0), then the ones before it, newest first, 180 days back at most; an id
--          that two shops share (one account, one start) opens the first of the chosen shops
-- units:   money in currency; people are distinct within a session; *_s in seconds
-- reads:   live_session
WITH asked AS (
    SELECT shop, coalesce(account, account_name, '') AS account, currency, started_at, day
    FROM live_session
    WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))
    ORDER BY shop
    LIMIT 1
), near AS (
    SELECT s.*
    FROM live_session AS s
    JOIN asked AS a ON a.shop = s.shop AND a.currency = s.currency
        AND a.account = coalesce(s.account, s.account_name, '')
    WHERE s.day BETWEEN a.day - 180 AND a.day AND (s.session = $session OR s.started_at < a.started_at)
    ORDER BY s.started_at DESC, s.session DESC
    LIMIT 8
)
SELECT row_number() OVER (ORDER BY started_at DESC, session DESC) - 1 AS place, session, shop, platform, currency, account, account_name, title, day, started_at, ended_at, duration_s,
    ended_at IS NOT NULL AND ended_at::DATE > started_at::DATE AS is_past_midnight,
    room_impression_users, room_impressions, viewers, views, watch_s, pcu, acu,
    comments, likes, shares, new_followers,
    product_impression_users, product_impressions, product_click_users, product_clicks,
    buyers, orders, units, live_sales, user_paid,
    refunds, refund_orders, refund_1h, net_live_sales, ad_spend, commission, coupon_cost, sources, as_of
FROM near
ORDER BY place
