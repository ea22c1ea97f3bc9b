-- purpose: what every purse spent day by day: ad accounts, affiliate commission, seller-borne coupons, platform fees
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per shop, currency, purse and day that has a figure; the same money once
-- units:   money in currency; basis: ads (counts as ad spend), commission_paid (by payment, estimated until settled; only while lines
--          are open), commission_settled (by settlement), coupons, fees (sales x the typed fee rate); service fees of affiliates are
--          not in commission; credited sales and net sales are of the ad report's own window
-- reads:   purse_day, commission_paid, commission_day, shop_day, cost
WITH open_shops AS (
    SELECT shop FROM commission_paid WHERE day > $day_to::DATE - 62 AND day <= $day_to GROUP BY shop HAVING sum(open_lines) > 0
),
fee_rates AS (SELECT shop AS of_shop, day AS since, value AS rate FROM cost WHERE kind = 'fee_rate' AND item_id = ''),
sold AS (
    SELECT shop, currency, day, source, value, as_of FROM shop_day
    WHERE metric = 'sales' AND day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
)
SELECT shop, currency, purse, day, 'ads' AS basis, source, spend, attributed_sales, net_attributed_sales, as_of
FROM purse_day
WHERE is_chosen AND day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
UNION ALL
SELECT shop, currency, 'taobaoke', day, 'commission_paid', source, commission, NULL, NULL, as_of
FROM commission_paid
WHERE shop IN (SELECT shop FROM open_shops) AND day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
UNION ALL
SELECT shop, currency, 'taobaoke', day, 'commission_settled', source, affiliate_commission, NULL, NULL, as_of
FROM commission_day
WHERE shop NOT IN (SELECT shop FROM open_shops) AND day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
UNION ALL
SELECT shop, currency, 'coupons', day, 'coupons', source, value, NULL, NULL, as_of
FROM shop_day
WHERE metric = 'coupon_cost' AND day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
UNION ALL
SELECT s.shop, s.currency, 'fees', s.day, 'fees', s.source, CAST(s.value * f.rate AS DECIMAL(18,4)), NULL, NULL, s.as_of
FROM sold s ASOF JOIN fee_rates f ON f.of_shop = s.shop AND f.since <= s.day
ORDER BY currency, purse, shop, day
