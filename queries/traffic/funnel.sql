-- purpose: visitors > cart users > placed buyers > paying buyers of one shop, every step from one and the same source
-- params:  shop VARCHAR, day_from DATE, day_to DATE
-- grain:   one row per source that states visitors and at least one later step, the fullest first
-- units:   people: daily distinct counts added over the days on which the source states visitors; a step missing on any of them is NULL
-- reads:   shop_day, check_day, source
WITH stated AS (
    SELECT day, source, metric, value
    FROM shop_day
    WHERE shop = $shop AND day BETWEEN $day_from AND $day_to
        AND metric IN ('visitors', 'cart_users', 'placed_buyers', 'paying_buyers')
    UNION
    SELECT day, source, metric, value
    FROM check_day
    WHERE shop = $shop AND day BETWEEN $day_from AND $day_to
        AND metric IN ('visitors', 'cart_users', 'placed_buyers', 'paying_buyers')
), source_days AS (
    SELECT source, day,
        max(value) FILTER (WHERE metric = 'visitors') AS visitors,
        max(value) FILTER (WHERE metric = 'cart_users') AS cart_users,
        max(value) FILTER (WHERE metric = 'placed_buyers') AS placed_buyers,
        max(value) FILTER (WHERE metric = 'paying_buyers') AS paying_buyers
    FROM stated
    GROUP BY source, day
), totals AS (
    SELECT source, count(*) AS days, min(day) AS first_day, max(day) AS last_day,
        sum(visitors) AS visitors,
        CASE WHEN count(cart_users) = count(*) THEN sum(cart_users) END AS cart_users,
        CASE WHEN count(placed_buyers) = count(*) THEN sum(placed_buyers) END AS placed_buyers,
        CASE WHEN count(paying_buyers) = count(*) THEN sum(paying_buyers) END AS paying_buyers
    FROM source_days
    WHERE visitors IS NOT NULL
    GROUP BY source
)
SELECT t.source, s.label_zh, s.label_en, t.days, t.first_day, t.last_day,
    t.visitors, t.cart_users, t.placed_buyers, t.paying_buyers
FROM totals AS t
LEFT JOIN source AS s ON s.source = t.source
WHERE t.cart_users IS NOT NULL OR t.placed_buyers IS NOT NULL OR t.paying_buyers IS NOT NULL
ORDER BY (t.cart_users IS NOT NULL)::INT + (t.placed_buyers IS NOT NULL)::INT + (t.paying_buyers IS NOT NULL)::INT DESC,
    t.days DESC, s.rank NULLS LAST, t.source
