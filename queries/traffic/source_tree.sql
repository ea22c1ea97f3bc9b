-- purpose: one shop's visitors and sales by traffic source over some days, each row as the platform states it
-- params:  shop VARCHAR, day_from DATE, day_to DATE
-- grain:   one row per carrier and source path; a subtotal row is a row of its own (its path is shorter), never a sum
-- units:   people: daily distinct counts added over days (upper bound); sales in currency; days: days with any row of the carrier;
--          shop_visitors: the shop's own visitors over the same days, NULL when one of them is unknown
-- reads:   source_day, shop_day
WITH rows_of_shop AS (
    SELECT * FROM source_day WHERE shop = $shop AND day BETWEEN $day_from AND $day_to
), days AS (
    SELECT DISTINCT carrier, day FROM rows_of_shop
), people AS (
    SELECT CASE WHEN count(*) = (SELECT count(DISTINCT day) FROM days) THEN sum(value) END AS visitors
    FROM shop_day
    WHERE shop = $shop AND metric = 'visitors' AND day BETWEEN $day_from AND $day_to AND day IN (SELECT day FROM days)
), paths AS (
    SELECT carrier, currency, level1, level2, level3, level4, bool_or(is_paid) AS is_paid, min(source) AS source,
        sum(visitors) AS visitors, sum(new_visitors) AS new_visitors, sum(cart_users) AS cart_users,
        sum(placed_buyers) AS placed_buyers, sum(paying_buyers) AS paying_buyers, sum(sales) AS sales
    FROM rows_of_shop
    GROUP BY carrier, currency, level1, level2, level3, level4
), counted AS (
    SELECT carrier, count(*) AS days FROM days GROUP BY carrier
)
SELECT p.carrier, p.currency, p.level1, p.level2, p.level3, p.level4, p.is_paid, p.source,
    p.visitors, p.new_visitors, p.cart_users, p.placed_buyers, p.paying_buyers, p.sales,
    c.days, (SELECT visitors FROM people) AS shop_visitors
FROM paths AS p
JOIN counted AS c ON c.carrier = p.carrier
ORDER BY p.carrier, p.level1, p.level2, p.level3, p.level4, p.currency
