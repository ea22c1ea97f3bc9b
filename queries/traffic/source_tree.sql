-- purpose: one shop's visitors and sales by traffic source, each row as the platform states it, beside a compared period
-- params:  shop VARCHAR, day_from DATE, day_to DATE, compare_from DATE NULL, compare_to DATE NULL
-- grain:   one row per carrier and source path; a subtotal row is a row of its own (its path is shorter), never a sum
-- units:   people: daily distinct counts added over days (upper bound); sales in currency; days: days with any row of the carrier;
--          shop_visitors: the shop's own visitors over the same days, NULL when one of them is unknown
-- reads:   source_day, source, shop_day
WITH rows_of_shop AS (
    SELECT d.*, dense_rank() OVER (PARTITION BY d.day ORDER BY coalesce(s.rank, 999), d.source) AS place,
        d.day BETWEEN $day_from AND $day_to AS is_now,
        coalesce(d.day BETWEEN $compare_from AND $compare_to, false) AS is_before
    FROM source_day AS d
    LEFT JOIN source AS s ON s.source = d.source
    WHERE d.shop = $shop AND (d.day BETWEEN $day_from AND $day_to OR d.day BETWEEN $compare_from AND $compare_to)
), one_report AS (
    SELECT * FROM rows_of_shop WHERE place = 1
), carrier_days AS (
    SELECT carrier,
        count(DISTINCT day) FILTER (WHERE is_now) AS days,
        count(DISTINCT day) FILTER (WHERE is_before) AS days_before
    FROM one_report
    GROUP BY carrier
), shop_people AS (
    SELECT CASE WHEN count(s.value) = count(*) THEN sum(s.value) END AS visitors
    FROM (SELECT DISTINCT day FROM one_report WHERE is_now) AS d
    LEFT JOIN shop_day AS s ON s.day = d.day AND s.shop = $shop AND s.metric = 'visitors'
        AND s.day BETWEEN $day_from AND $day_to
), paths AS (
    SELECT carrier, currency, level1, level2, level3, level4,
        bool_or(is_paid) AS is_paid,
        min(source) AS source,
        sum(visitors) FILTER (WHERE is_now) AS visitors,
        sum(new_visitors) FILTER (WHERE is_now) AS new_visitors,
        sum(cart_users) FILTER (WHERE is_now) AS cart_users,
        sum(placed_buyers) FILTER (WHERE is_now) AS placed_buyers,
        sum(paying_buyers) FILTER (WHERE is_now) AS paying_buyers,
        sum(sales) FILTER (WHERE is_now) AS sales,
        sum(visitors) FILTER (WHERE is_before) AS visitors_before,
        sum(sales) FILTER (WHERE is_before) AS sales_before
    FROM one_report
    GROUP BY carrier, currency, level1, level2, level3, level4
    HAVING bool_or(is_now)
)
SELECT p.carrier, p.currency, p.level1, p.level2, p.level3, p.level4, p.is_paid, p.source,
    p.visitors, p.new_visitors, p.cart_users, p.placed_buyers, p.paying_buyers, p.sales,
    p.visitors_before, p.sales_before, c.days, c.days_before,
    (SELECT visitors FROM shop_people) AS shop_visitors
FROM paths AS p
JOIN carrier_days AS c ON c.carrier = p.carrier
ORDER BY p.carrier, p.level1, p.level2, p.level3, p.level4, p.currency
