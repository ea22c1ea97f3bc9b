-- purpose: one live session split by calendar day, from its minutes
-- params:  shops VARCHAR[] NULL, session VARCHAR
-- grain:   one row per calendar day of the session that has minutes
-- units:   counts; live_sales in currency; minutes: minutes with a row
-- reads:   live_minute, live_session
WITH asked AS (
    SELECT shop, session, day, currency
    FROM live_session
    WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))
)
SELECT m."at"::DATE AS day, min(a.currency) AS currency, count(DISTINCT date_trunc('minute', m."at")) AS minutes,
    min(m."at") AS first_at, max(m."at") AS last_at,
    sum(m.enters) AS enters, sum(m.orders) AS orders, sum(m.live_sales) AS live_sales
FROM live_minute AS m
JOIN asked AS a ON a.shop = m.shop AND a.session = m.session AND a.day = m.day
GROUP BY m."at"::DATE
ORDER BY m."at"::DATE
