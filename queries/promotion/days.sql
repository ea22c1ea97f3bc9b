-- purpose: what a promotion is judged by, day by day: sales, refunds, orders, and the cost rates that hold on the day
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per shop, currency and day that has sales; a figure that is not known is NULL
-- units:   money in currency; margin and fee are fractions, freight is money per order
-- reads:   shop_day, cost
WITH days AS (
    SELECT shop, currency, day, max(value) FILTER (WHERE metric = 'sales') AS sales, max(value) FILTER (WHERE metric = 'refunds') AS refunds,
           max(value) FILTER (WHERE metric = 'paid_orders') AS orders
    FROM shop_day
    WHERE metric IN ('sales', 'refunds', 'paid_orders') AND day BETWEEN $day_from AND $day_to
      AND ($shops IS NULL OR list_contains($shops, shop))
    GROUP BY shop, currency, day
),
margins AS (SELECT shop, day, value FROM cost WHERE kind = 'margin_rate' AND item_id = ''),
fees AS (SELECT shop, day, value FROM cost WHERE kind = 'fee_rate' AND item_id = ''),
freights AS (SELECT shop, day, value FROM cost WHERE kind = 'freight_per_order' AND item_id = '')
SELECT d.shop, d.currency, d.day, CAST(d.sales AS DOUBLE) AS sales, CAST(d.refunds AS DOUBLE) AS refunds, CAST(d.orders AS DOUBLE) AS orders,
       CAST(m.value AS DOUBLE) AS margin, CAST(f.value AS DOUBLE) AS fee, CAST(c.value AS DOUBLE) AS freight
FROM days d
ASOF LEFT JOIN margins m ON m.shop = d.shop AND m.day <= d.day
ASOF LEFT JOIN fees f ON f.shop = d.shop AND f.day <= d.day
ASOF LEFT JOIN freights c ON c.shop = d.shop AND c.day <= d.day
WHERE d.sales IS NOT NULL
ORDER BY d.shop, d.currency, d.day
