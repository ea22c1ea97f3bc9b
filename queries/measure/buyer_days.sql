-- purpose: may paying buyers be counted exactly over these days: does every day's figure come from an unmasked order list
-- params:  day_from DATE, day_to DATE, shops VARCHAR[], by_day BOOLEAN, by_shop BOOLEAN, by_platform BOOLEAN
-- grain:   one row per currency and chosen grouping
-- units:   is_exact: all days do; has_unknown: a day has orders but masked buyers and no figure of the platform
-- reads:   shop_day, order_source, shop
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
)
SELECT CASE WHEN $by_day THEN d.day END AS day, CASE WHEN $by_shop THEN d.shop END AS shop, CASE WHEN $by_platform THEN d.platform END AS platform,
       d.currency, bool_and(d.is_exact) AS is_exact, bool_or(d.is_unknown) AS has_unknown
FROM days d
GROUP BY d.currency, CASE WHEN $by_day THEN d.day END, CASE WHEN $by_shop THEN d.shop END, CASE WHEN $by_platform THEN d.platform END
