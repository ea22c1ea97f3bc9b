-- purpose: one shop's items over some days: visitors, conversion, sales and share
-- params:  shop VARCHAR, day_from DATE, day_to DATE, top INTEGER
-- grain:   one row per item and currency, greatest sales first
-- units:   people: daily distinct counts added over days; sales, visitor_value in currency; rates and shares are fractions; share is
--          of the sales of all items; days: days with a figure of any item of the currency; a rate counts only the days on which both of its parts are stated
-- reads:   item_day
WITH items AS (
    SELECT item_id, currency, max(title) AS title,
        sum(visitors) AS visitors, sum(cart_users) AS cart_users, sum(paying_buyers) AS paying_buyers,
        sum(CASE WHEN visitors IS NOT NULL THEN paying_buyers END) AS buyers_with_visitors,
        sum(CASE WHEN paying_buyers IS NOT NULL THEN visitors END) AS visitors_with_buyers,
        sum(CASE WHEN visitors IS NOT NULL THEN sales END) AS sales_with_visitors,
        sum(CASE WHEN sales IS NOT NULL THEN visitors END) AS visitors_with_sales,
        sum(units) AS units, sum(sales) AS sales
    FROM item_day
    WHERE shop = $shop AND day BETWEEN $day_from AND $day_to
    GROUP BY item_id, currency
), known AS (
    SELECT currency, count(DISTINCT day) AS days
    FROM item_day
    WHERE shop = $shop AND day BETWEEN $day_from AND $day_to
    GROUP BY currency
)
SELECT item_id, title, currency, visitors, cart_users, paying_buyers, units, sales,
    buyers_with_visitors / nullif(visitors_with_buyers, 0) AS conversion_rate,
    sales_with_visitors / nullif(visitors_with_sales, 0) AS visitor_value,
    sales / nullif(sum(sales) OVER (PARTITION BY currency), 0) AS share, days
FROM items JOIN known USING (currency)
ORDER BY sales DESC NULLS LAST, visitors DESC NULLS LAST, item_id
LIMIT $top
