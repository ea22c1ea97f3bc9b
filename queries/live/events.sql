-- purpose: what happened on air in one live session: explain windows, pins, coupons, gifts, host changes, notes
-- params:  shops VARCHAR[] NULL, session VARCHAR
-- grain:   one row per event, in order of time
-- units:   minute, minute_to: since the session's start (minute_to NULL: a moment, or still open); kind: explain | pin | coupon | lucky_bag | host | boost | note
-- reads:   live_event, live_session, live_item
WITH asked AS (
    SELECT shop, session, day, started_at
    FROM live_session
    WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))
    ORDER BY shop
    LIMIT 1
)
SELECT date_diff('minute', a.started_at, e."at") AS minute, date_diff('minute', a.started_at, e.until) AS minute_to,
    e."at", e.until, e.kind, e.item_id, coalesce(e.link_no, '') AS link_no, coalesce(e.text, '') AS text, i.title, e.source
FROM live_event AS e
JOIN asked AS a ON a.shop = e.shop AND a.session = e.session AND a.day = e.day
LEFT JOIN live_item AS i ON i.shop = e.shop AND i.session = e.session AND i.item_id = e.item_id
ORDER BY e."at", e.kind, e.item_id
LIMIT 1000
