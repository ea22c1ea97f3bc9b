-- purpose: shops that have any traffic, item or order figure in the period, those with visitors first, then the biggest
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per shop
-- units:   sales in the shop's own currency, only used to order shops
-- reads:   shop, shop_day
WITH sold AS (
    SELECT shop, sum(value) FILTER (WHERE metric = 'sales') AS sales,
           bool_or(metric = 'visitors') AS has_visitors
    FROM shop_day
    WHERE day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
    GROUP BY shop
)
SELECT s.shop, s.name, s.platform, s.currency, s.zone, sold.sales
FROM shop AS s
LEFT JOIN sold ON sold.shop = s.shop
WHERE $shops IS NULL OR list_contains($shops, s.shop)
ORDER BY coalesce(sold.has_visitors, false) DESC, sold.sales DESC NULLS LAST, s.shop
