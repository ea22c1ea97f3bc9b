-- purpose: the day's share of a shop's month targets for visitors, and its target for conversion
-- params:  shop VARCHAR, day_from DATE, day_to DATE
-- grain:   one row per day and metric that has a target
-- units:   target: visitors a day (the month's target over its days), or conversion_rate as a fraction
-- reads:   target
WITH days AS (
    SELECT range::DATE AS day FROM range($day_from::TIMESTAMP, $day_to::TIMESTAMP + INTERVAL 1 DAY, INTERVAL 1 DAY)
)
SELECT d.day, t.metric,
    CASE WHEN t.metric = 'visitors' THEN t.value / day(last_day(d.day)) ELSE t.value END AS target
FROM days AS d
JOIN target AS t ON t.month = date_trunc('month', d.day)::DATE
WHERE t.shop = $shop AND t.metric IN ('visitors', 'conversion_rate')
ORDER BY t.metric, d.day
