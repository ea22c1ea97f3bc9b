-- purpose: an ad figure by day of the chosen purses, the same money once
-- params:  metric VARCHAR, purses VARCHAR[], day_from DATE, day_to DATE, shops VARCHAR[] NULL
-- grain:   one row per day and currency
-- units:   value in currency (spend, attributed_sales) or a count; NULL while not out
-- reads:   purse_day
SELECT day, currency,
       CASE $metric WHEN 'spend' THEN sum(spend) WHEN 'attributed_sales' THEN sum(attributed_sales)
                    WHEN 'impressions' THEN sum(impressions) WHEN 'clicks' THEN sum(clicks)
                    WHEN 'attributed_orders' THEN sum(attributed_orders) END AS value,
       string_agg(DISTINCT source, '+' ORDER BY source) AS source, NULL::VARCHAR AS basis, min(as_of) AS as_of
FROM purse_day
WHERE is_chosen AND list_contains($purses, purse) AND day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
GROUP BY day, currency
ORDER BY day, currency
