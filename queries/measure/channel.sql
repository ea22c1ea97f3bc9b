-- purpose: parts of a metric from channel_day, for totals and by channel
-- params:  day_from DATE, day_to DATE, shops VARCHAR[], by_day BOOLEAN, by_shop BOOLEAN, by_platform BOOLEAN, by_channel BOOLEAN, numerator VARCHAR, denominator VARCHAR (NULL: not a ratio)
-- grain:   one row per currency and chosen grouping
-- units:   up and down are the summed parts over the rows where both are known (top: the highest up); cells and days count those
-- reads:   channel_day
WITH figures AS (
    SELECT shop, platform, currency, day, channel AS part_id, channel AS title, source AS source, as_of AS as_of, TRUE AS is_ok,
           CASE $numerator WHEN 'sales' THEN sales WHEN 'paid_orders' THEN paid_orders WHEN 'units' THEN units
                       WHEN 'paying_buyers' THEN paying_buyers END AS up,
           CASE $denominator WHEN 'sales' THEN sales WHEN 'paid_orders' THEN paid_orders WHEN 'units' THEN units
                       WHEN 'paying_buyers' THEN paying_buyers END AS down
    FROM channel_day
    WHERE day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
),
f AS (SELECT *, up IS NOT NULL AND ($denominator IS NULL OR down IS NOT NULL) AS is_whole FROM figures)
SELECT CASE WHEN $by_day THEN f.day END AS day, CASE WHEN $by_shop THEN f.shop END AS shop, CASE WHEN $by_platform THEN f.platform END AS platform,
       CASE WHEN $by_channel THEN f.part_id END AS channel, CASE WHEN $by_channel THEN max(f.title) END AS title, f.currency,
       sum(f.up) FILTER (WHERE f.is_whole) AS up, sum(f.down) FILTER (WHERE f.is_whole) AS down, max(f.up) FILTER (WHERE f.is_whole) AS top,
       count(*) FILTER (WHERE f.is_whole) AS cells, count(*) AS seen, CAST(list_unique(list(f.day) FILTER (WHERE f.is_whole)) AS BIGINT) AS days,
       CAST(list_unique(list(f.shop)) AS BIGINT) AS shops, min(f.shop) AS one_shop, bool_and(f.is_ok) AS is_ok,
       array_to_string(list_sort(list_distinct(list(f.source) FILTER (WHERE f.is_whole))), '+') AS source, min(f.as_of) FILTER (WHERE f.is_whole) AS as_of
FROM f
GROUP BY f.currency, CASE WHEN $by_day THEN f.day END, CASE WHEN $by_shop THEN f.shop END, CASE WHEN $by_platform THEN f.platform END,
         CASE WHEN $by_channel THEN f.part_id END
HAVING count(*) FILTER (WHERE f.is_whole) > 0
