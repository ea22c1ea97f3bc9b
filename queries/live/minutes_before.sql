-- purpose: the minutes of up to 20 sessions of the same account before one session, newest session first
-- params:  shops VARCHAR[] NULL, session VARCHAR
-- grain:   one row per reported minute and session; sessions of the 180 days before, at least half an hour long
-- units:   minute: since the session's start; counts per minute, live_sales in currency; online: people at that minute
-- reads:   live_minute, live_session
WITH asked AS (
    SELECT shop, coalesce(account, account_name, '') AS account, currency, started_at, day
    FROM live_session
    WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))
    ORDER BY shop
    LIMIT 1
), near AS (
    SELECT s.shop, s.session, s.day, s.started_at
    FROM live_session AS s
    JOIN asked AS a ON a.shop = s.shop AND a.currency = s.currency AND a.account = coalesce(s.account, s.account_name, '')
    WHERE s.day BETWEEN a.day - 180 AND a.day AND s.started_at < a.started_at
      AND coalesce(s.duration_s, 1800) >= 1800
      AND EXISTS (SELECT 1 FROM live_minute AS m WHERE m.shop = s.shop AND m.session = s.session AND m.day = s.day)
    ORDER BY s.started_at DESC, s.session DESC
    LIMIT 20
)
SELECT n.session, n.started_at, date_diff('minute', n.started_at, m."at") AS minute,
    m.enters, m.leaves, m.online, m.product_click_users, m.orders, m.live_sales
FROM near AS n
JOIN live_minute AS m ON m.shop = n.shop AND m.session = n.session AND m.day = n.day
ORDER BY n.started_at DESC, n.session DESC, m."at"
