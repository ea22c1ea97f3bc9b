-- purpose: one shop's hours of a day beside another day
-- params:  shop VARCHAR, day DATE, day_before DATE
-- grain:   one row per day, metric and hour; an hour that nobody reported has no row, but an hour without a payment in an
--          order list is 0: all day when the list covers the day, else up to its last payment
-- units:   value: people, orders or money in currency, by metric; hour 0-23 of the shop's own zone
-- reads:   shop_hour, shop_day, source
WITH stated AS (
    SELECT h.day, h.hour, h.metric, h.currency, h.source, h.value, coalesce(s.kind, '') IN ('orders', 'order_lines') AS is_orders
    FROM shop_hour AS h
    LEFT JOIN source AS s ON s.source = h.source
    WHERE h.shop = $shop AND (h.day = $day OR h.day = $day_before)
        AND h.day BETWEEN least($day::DATE, $day_before::DATE) AND greatest($day::DATE, $day_before::DATE)
        AND h.metric IN ('visitors', 'sales', 'paid_orders', 'placed_amount')
), lists AS (
    SELECT t.day, t.metric, t.currency, t.source, CASE WHEN min(d.state) = 'ok' THEN 23 ELSE max(t.hour) END AS last_hour
    FROM stated AS t
    LEFT JOIN shop_day AS d ON d.shop = $shop AND d.day = t.day AND d.metric = t.metric AND d.currency = t.currency
        AND d.source = t.source
    WHERE t.is_orders
    GROUP BY t.day, t.metric, t.currency, t.source
), hours AS (
    SELECT l.day, range::SMALLINT AS hour, l.metric, l.currency, l.source
    FROM lists AS l, range(24)
    WHERE range <= l.last_hour
)
SELECT day, hour, metric, currency, source, value FROM stated WHERE NOT is_orders
UNION ALL
SELECT h.day, h.hour, h.metric, h.currency, h.source, coalesce(s.value, 0) AS value
FROM hours AS h
LEFT JOIN stated AS s ON s.day = h.day AND s.hour = h.hour AND s.metric = h.metric AND s.currency = h.currency
    AND s.source = h.source
ORDER BY metric, day, hour
