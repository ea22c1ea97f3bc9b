-- purpose: exact distinct paying buyers over any days and shops, where every day's figure comes from an unmasked order list
-- params:  day_from DATE, day_to DATE, shops VARCHAR[], by_day BOOLEAN, by_shop BOOLEAN, by_platform BOOLEAN
-- grain:   one row per currency and chosen grouping; buyers is NULL unless every day comes from an unmasked order list;
--          has_unknown: a day has orders but masked buyers and no figure of the platform
-- units:   people, counted once however many days or shops of a platform they bought in
-- reads:   shop_day, order_source, buyer_day, shop
WITH counted AS (
    SELECT d.shop, d.platform, d.day, d.currency, d.source
    FROM shop_day d
    WHERE d.metric = 'paying_buyers' AND d.day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, d.shop))
),
listed AS (
    SELECT o.shop, s.platform, o.day, s.currency, o.source, o.target = 'order_head' AND coalesce(o.masked_orders, 0) = 0 AS is_clear
    FROM order_source o JOIN shop s ON s.shop = o.shop
    WHERE o.day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, o.shop))
),
days AS (
    SELECT coalesce(c.shop, l.shop) AS shop, coalesce(c.platform, l.platform) AS platform, coalesce(c.day, l.day) AS day,
           coalesce(c.currency, l.currency) AS currency, coalesce(c.source = l.source AND l.is_clear, FALSE) AS is_exact,
           c.shop IS NULL AS is_unknown
    FROM counted c FULL JOIN listed l ON l.shop = c.shop AND l.day = c.day
),
groups AS (
    SELECT CASE WHEN $by_day THEN d.day END AS day, CASE WHEN $by_shop THEN d.shop END AS shop, CASE WHEN $by_platform THEN d.platform END AS platform,
           d.currency, bool_and(d.is_exact) AS is_exact, bool_or(d.is_unknown) AS has_unknown
    FROM days d
    GROUP BY d.currency, CASE WHEN $by_day THEN d.day END, CASE WHEN $by_shop THEN d.shop END, CASE WHEN $by_platform THEN d.platform END
),
people AS (
    SELECT b.shop, s.platform, b.day, b.currency, b.buyer
    FROM buyer_day b JOIN shop s ON s.shop = b.shop
    WHERE b.day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, b.shop))
),
distinct_people AS (
    SELECT CASE WHEN $by_day THEN p.day END AS day, CASE WHEN $by_shop THEN p.shop END AS shop, CASE WHEN $by_platform THEN p.platform END AS platform, p.currency, count(DISTINCT p.buyer) AS buyers
    FROM people p
    WHERE (SELECT bool_or(is_exact) FROM groups)
    GROUP BY p.currency, CASE WHEN $by_day THEN p.day END, CASE WHEN $by_shop THEN p.shop END, CASE WHEN $by_platform THEN p.platform END
)
SELECT g.day, g.shop, g.platform, g.currency, CASE WHEN g.is_exact THEN coalesce(p.buyers, 0) END AS buyers, g.has_unknown
FROM groups g
LEFT JOIN distinct_people p ON p.currency = g.currency AND p.day IS NOT DISTINCT FROM g.day AND p.shop IS NOT DISTINCT FROM g.shop
                           AND p.platform IS NOT DISTINCT FROM g.platform
