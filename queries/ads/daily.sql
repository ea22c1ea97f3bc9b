-- purpose: ad spend and credited sales day by day and purse
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per day, currency and purse with a chosen report
-- units:   money in currency; roas = attributed_sales / the spend of the rows that state them, NULL without spend
-- reads:   campaign_day
SELECT day, currency, purse,
    string_agg(DISTINCT nullif(attribution, ''), ' / ' ORDER BY nullif(attribution, '')) AS attribution,
    sum(spend) AS spend,
    sum(clicks) AS clicks,
    sum(attributed_sales) AS attributed_sales,
    sum(attributed_sales) / nullif(sum(spend) FILTER (WHERE attributed_sales IS NOT NULL), 0) AS roas
FROM campaign_day
WHERE is_chosen AND day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
GROUP BY day, currency, purse
ORDER BY currency, purse, day
