-- purpose: the typed margin and fee rate that hold on a live session's day
-- params:  shops VARCHAR[] NULL, session VARCHAR
-- grain:   one row for a known session
-- units:   fractions; NULL: never typed for the shop up to that day
-- reads:   live_session, cost
WITH asked AS (
    SELECT shop, day
    FROM live_session
    WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))
    ORDER BY shop
    LIMIT 1
)
SELECT a.shop, a.day,
    max_by(CAST(c.value AS DOUBLE), c.day) FILTER (WHERE c.kind = 'margin_rate') AS margin_rate,
    max_by(CAST(c.value AS DOUBLE), c.day) FILTER (WHERE c.kind = 'fee_rate') AS fee_rate
FROM asked AS a
LEFT JOIN cost AS c ON c.shop = a.shop AND c.item_id = '' AND c.day <= a.day
GROUP BY a.shop, a.day
