-- purpose: this month's ad spend day by day against the month's spend target, shops with a target only
-- params:  shops VARCHAR[] NULL, month DATE (first day), day_to DATE (last day to show)
-- grain:   one row per currency and day of the month; a day without any stored spend has NULL, not zero
-- units:   money in currency; spent_to_date: spend since the month's first day; target: whole month; even: target spread evenly up to that day
-- reads:   target, shop_day
WITH budgets AS (
    SELECT shop, currency, value AS target
    FROM target
    WHERE metric = 'spend' AND month = $month AND ($shops IS NULL OR list_contains($shops, shop))
), totals AS (
    SELECT currency, sum(target) AS target, count(DISTINCT shop) AS shops FROM budgets GROUP BY currency
), days AS (
    SELECT range::DATE AS day
    FROM range($month::TIMESTAMP, last_day($month)::TIMESTAMP + INTERVAL 1 DAY, INTERVAL 1 DAY)
), spent AS (
    SELECT d.currency, d.day, sum(d.value) AS spend
    FROM shop_day AS d
    JOIN budgets AS b ON b.shop = d.shop AND b.currency = d.currency
    WHERE d.metric = 'spend' AND d.day BETWEEN $month AND last_day($month) AND d.day <= $day_to
    GROUP BY d.currency, d.day
)
SELECT t.currency, d.day, s.spend,
    CASE WHEN s.spend IS NOT NULL THEN sum(s.spend) OVER (PARTITION BY t.currency ORDER BY d.day) END AS spent_to_date,
    t.target * day(d.day) / day(last_day($month)) AS even,
    t.target, t.shops
FROM totals AS t
CROSS JOIN days AS d
LEFT JOIN spent AS s ON s.currency = t.currency AND s.day = d.day
ORDER BY t.currency, d.day
