-- purpose: exact distinct paying buyers over any days and shops, one number (a count without grouping is twice as fast)
-- params:  day_from DATE, day_to DATE, shops VARCHAR[] (NULL = all), currency VARCHAR
-- grain:   one row
-- units:   people, counted once however many days or shops of a platform they bought in
-- reads:   buyer_day
SELECT count(DISTINCT buyer) AS buyers
FROM buyer_day
WHERE day BETWEEN $day_from AND $day_to AND currency = $currency AND ($shops IS NULL OR list_contains($shops, shop))
