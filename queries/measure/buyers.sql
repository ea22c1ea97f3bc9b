-- purpose: exact distinct paying buyers over any days and shops, by day, shop or platform
-- params:  day_from DATE, day_to DATE, shops VARCHAR[], by_day BOOLEAN, by_shop BOOLEAN, by_platform BOOLEAN
-- grain:   one row per currency and chosen grouping
-- units:   people, counted once however many days or shops of a platform they bought in
-- reads:   buyer_day, shop
SELECT CASE WHEN $by_day THEN b.day END AS day, CASE WHEN $by_shop THEN b.shop END AS shop, CASE WHEN $by_platform THEN s.platform END AS platform,
       b.currency, count(DISTINCT b.buyer) AS buyers
FROM buyer_day b JOIN shop s ON s.shop = b.shop
WHERE b.day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, b.shop))
GROUP BY b.currency, CASE WHEN $by_day THEN b.day END, CASE WHEN $by_shop THEN b.shop END, CASE WHEN $by_platform THEN s.platform END
