-- purpose: items that can serve as a control of a promotion, the best sold before it first
-- params:  shops VARCHAR[] NULL, currency VARCHAR, day_from DATE, day_to DATE
-- grain:   one row per shop and item sold on at least 20 days of the range; at most 200
-- units:   sales is money over the range
-- reads:   item_day
SELECT shop, item_id, max(title) AS title, CAST(sum(sales) AS DOUBLE) AS sales
FROM item_day
WHERE day BETWEEN $day_from AND $day_to AND currency = $currency AND ($shops IS NULL OR list_contains($shops, shop)) AND item_id <> ''
GROUP BY shop, item_id
HAVING count(*) FILTER (WHERE sales > 0) >= 20
ORDER BY sum(sales) DESC, shop, item_id
LIMIT 200
