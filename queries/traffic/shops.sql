-- purpose: the shops to choose from, those with visitors in the period or the 30 days before its end first, then the biggest
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per shop
-- units:   sales in the shop's own currency, only used to order shops
-- reads:   shop, shop_day
WITH sold AS (
    SELECT shop, sum(value) FILTER (WHERE metric = 'sales' AND day >= $day_from) AS sales,
           bool_or(metric = 'visitors') AS has_visitors
    FROM shop_day
    WHERE day BETWEEN least($day_from::DATE, $day_to::DATE - 29) AND $day_to AND metric IN ('sales', 'visitors') AND ($shops IS NULL OR list_contains($shops, shop))
    GROUP BY shop
)
SELECT s.shop, s.name, s.platform, s.currency, s.zone, sold.sales
FROM shop AS s
LEFT JOIN sold ON sold.shop = s.shop
WHERE $shops IS NULL OR list_contains($shops, s.shop)
ORDER BY coalesce(sold.has_visitors, false) DESC, sold.sales DESC NULLS LAST, s.shop
