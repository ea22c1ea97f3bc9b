-- purpose: the orders paid while a live session was on air and sold through a live room, of each day only the list that answers for it
-- params:  files VARCHAR[] (given by the reader, never by the asker), session VARCHAR, shops VARCHAR[] (NULL = all)
-- grain:   one row per order; a session whose end nobody states lasts to its last reported minute; while two rooms of the shop are on air only orders that name this one's account
-- units:   minute since the session's start; money in currency: paid_amount before refunds, seller_discount already taken off it
-- reads:   receipt, live_session, live_minute, order_source
WITH asked AS (
    SELECT s.shop, s.session, s.account, s.account_name, s.started_at,
        coalesce(s.ended_at, s.started_at + CAST(s.duration_s AS INTEGER) * INTERVAL 1 SECOND,
            (SELECT max(m."at") + INTERVAL 1 MINUTE FROM live_minute m WHERE m.shop = s.shop AND m.session = s.session AND m.day = s.day)) AS ended_at
    FROM live_session s
    WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))
    ORDER BY shop
    LIMIT 1
), beside AS (
    SELECT s.started_at, coalesce(s.ended_at, s.started_at + INTERVAL 12 HOUR) AS ended_at
    FROM live_session s
    JOIN asked a ON a.shop = s.shop AND a.session <> s.session
    WHERE s.started_at < a.ended_at AND coalesce(s.ended_at, s.started_at + INTERVAL 12 HOUR) > a.started_at
)
SELECT o.order_id, date_diff('minute', a.started_at, o.paid_at) AS minute, o.paid_at, o.currency, o.paid_amount, o.seller_discount,
       o.units, o.refund_amount, o.refund_at, o.as_of
FROM read_parquet($files) o
SEMI JOIN receipt r ON r.target = 'order_head' AND r.shop = o.shop AND r.day = CAST(o.created_at AS DATE) AND r.file = parse_filename(o.filename)
JOIN asked a ON a.shop = o.shop AND o.paid_at >= a.started_at AND o.paid_at < a.ended_at
SEMI JOIN order_source c ON c.target = 'order_head' AND c.shop = o.shop AND c.source = o.source AND c.day = CAST(o.paid_at AS DATE)
WHERE o.channel IN ('live_own', 'live_host') AND NOT coalesce(o.is_brush OR o.is_test OR o.is_gift, FALSE)
  AND (o.host IN (a.account, a.account_name)
       OR NOT EXISTS (SELECT 1 FROM beside b WHERE o.paid_at >= b.started_at AND o.paid_at < b.ended_at))
ORDER BY o.paid_at, o.order_id
