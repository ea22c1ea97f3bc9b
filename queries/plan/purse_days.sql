-- purpose: an ad figure by day of the chosen purses, or of one scene within them, the same money once
-- params:  metric VARCHAR, purses VARCHAR[], scenes VARCHAR[] NULL, day_from DATE, day_to DATE, shops VARCHAR[] NULL
-- grain:   one row per day and currency
-- units:   value in currency (spend, attributed_sales) or a count; NULL while not out, 0 for a scene without a row on a day that is out
-- reads:   campaign_day, purse_day
WITH whole AS (
    SELECT shop, purse, day, currency, source, as_of,
           CASE $metric WHEN 'spend' THEN spend WHEN 'attributed_sales' THEN attributed_sales WHEN 'impressions' THEN impressions
                        WHEN 'clicks' THEN clicks WHEN 'attributed_orders' THEN attributed_orders END AS value
    FROM purse_day
    WHERE is_chosen AND list_contains($purses, purse) AND day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
),
scene AS (
    SELECT shop, purse, day, currency,
           sum(CASE $metric WHEN 'spend' THEN spend WHEN 'attributed_sales' THEN attributed_sales WHEN 'impressions' THEN impressions
                            WHEN 'clicks' THEN clicks WHEN 'attributed_orders' THEN attributed_orders END) AS value
    FROM campaign_day
    WHERE is_chosen AND $scenes IS NOT NULL AND list_contains($purses, purse) AND list_contains($scenes, scene)
      AND day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
    GROUP BY shop, purse, day, currency
)
SELECT w.day, w.currency,
       CASE WHEN count(*) = count(w.value) THEN sum(CASE WHEN $scenes IS NULL THEN w.value ELSE coalesce(s.value, 0) END) END AS value,
       string_agg(DISTINCT w.source, '+' ORDER BY w.source) AS source, NULL::VARCHAR AS basis, min(w.as_of) AS as_of
FROM whole w LEFT JOIN scene s ON s.shop = w.shop AND s.purse = w.purse AND s.day = w.day AND s.currency IS NOT DISTINCT FROM w.currency
GROUP BY w.day, w.currency
ORDER BY w.day, w.currency
