-- purpose: what the chosen items of a shop sold together, day by day
-- params:  shops VARCHAR[] NULL, currency VARCHAR, items VARCHAR[], day_from DATE, day_to DATE
-- grain:   one row per shop and day on which the shop's items are known; none of the chosen sold is 0
-- units:   sales is money in the currency
-- reads:   item_day
SELECT shop, day, CAST(coalesce(sum(sales) FILTER (WHERE list_contains($items, item_id)), 0) AS DOUBLE) AS sales
FROM item_day
WHERE day BETWEEN $day_from AND $day_to AND currency = $currency AND ($shops IS NULL OR list_contains($shops, shop))
GROUP BY shop, day
ORDER BY shop, day
