-- purpose: the minute curve of one live session, at most about 2,000 points
-- params:  shops VARCHAR[] NULL, session VARCHAR
-- grain:   one row per step of the report (a minute as a rule; long sessions: several minutes in one); minutes nobody reported have no row
-- units:   minute: since the session's start; at: shop-local time; counts per step, online: the step's mean; live_sales in currency
-- reads:   live_minute, live_session
WITH asked AS (
    SELECT shop, session, day, started_at, currency
    FROM live_session
    WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))
), points AS (
    SELECT m.*, a.started_at, a.currency AS session_currency, date_diff('minute', a.started_at, m."at") AS since
    FROM live_minute AS m
    JOIN asked AS a ON a.shop = m.shop AND a.session = m.session AND a.day = m.day
), width AS (
    SELECT greatest(1, ceil((max(since) - min(since) + 1) / 2000.0))::BIGINT AS minutes FROM points
)
SELECT (floor(p.since / w.minutes) * w.minutes)::BIGINT AS minute, min(p."at") AS "at", min(p.session_currency) AS currency,
    sum(p.enters) AS enters, sum(p.leaves) AS leaves, avg(p.online) AS online,
    sum(p.comments) AS comments, sum(p.new_followers) AS new_followers,
    sum(p.product_click_users) AS product_click_users,
    sum(p.orders) AS orders, sum(p.live_sales) AS live_sales
FROM points AS p
CROSS JOIN width AS w
GROUP BY 1
ORDER BY 1
