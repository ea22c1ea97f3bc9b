-- purpose: one shop's items: visitors, conversion, sales and share beside a compared period
-- params:  shop VARCHAR, day_from DATE, day_to DATE, compare_from DATE NULL, compare_to DATE NULL, top INTEGER
-- grain:   one row per item and currency, greatest sales first
-- units:   people: daily distinct counts added over days; sales, visitor_value in currency; rates and shares are fractions; share is of the sales of all items
-- reads:   item_day
WITH days_of_items AS (
    SELECT *, day BETWEEN $day_from AND $day_to AS is_now,
        coalesce(day BETWEEN $compare_from AND $compare_to, false) AS is_before
    FROM item_day
    WHERE shop = $shop AND (day BETWEEN $day_from AND $day_to OR day BETWEEN $compare_from AND $compare_to)
), items AS (
    SELECT item_id, currency, arg_max(title, day) AS title,
        sum(visitors) FILTER (WHERE is_now) AS visitors,
        sum(cart_users) FILTER (WHERE is_now) AS cart_users,
        sum(paying_buyers) FILTER (WHERE is_now) AS paying_buyers,
        sum(paying_buyers) FILTER (WHERE is_now AND visitors IS NOT NULL) AS buyers_with_visitors,
        sum(visitors) FILTER (WHERE is_now AND paying_buyers IS NOT NULL) AS visitors_with_buyers,
        sum(sales) FILTER (WHERE is_now AND visitors IS NOT NULL) AS sales_with_visitors,
        sum(visitors) FILTER (WHERE is_now AND sales IS NOT NULL) AS visitors_with_sales,
        sum(units) FILTER (WHERE is_now) AS units,
        sum(sales) FILTER (WHERE is_now) AS sales,
        sum(sales) FILTER (WHERE is_before) AS sales_before,
        sum(visitors) FILTER (WHERE is_before) AS visitors_before
    FROM days_of_items
    GROUP BY item_id, currency
    HAVING bool_or(is_now)
)
SELECT item_id, title, currency, visitors, cart_users, paying_buyers, units, sales,
    buyers_with_visitors / nullif(visitors_with_buyers, 0) AS conversion_rate,
    sales_with_visitors / nullif(visitors_with_sales, 0) AS visitor_value,
    sales / nullif(sum(sales) OVER (PARTITION BY currency), 0) AS share,
    sales_before, sales / nullif(sales_before, 0) - 1 AS sales_change,
    visitors / nullif(visitors_before, 0) - 1 AS visitors_change
FROM items
ORDER BY sales DESC NULLS LAST, visitors DESC NULLS LAST, item_id
LIMIT $top
