-- purpose: ad spend and what the platform credits to it, account > campaign > ad group, each yuan once
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per currency, shop, purse, account, campaign and ad group
-- units:   money in currency; credited figures follow the row's attribution and are never added across purses;
--          attribution_to differs from attribution where the rows were credited under two of them
-- reads:   campaign_day
SELECT currency, shop, purse, account, campaign_id, ad_group_id,
    min(source) AS source, max(scene) AS scene, max(campaign) AS campaign, max(ad_group) AS ad_group,
    min(attribution) AS attribution, max(attribution) AS attribution_to,
    sum(spend) AS spend, sum(impressions) AS impressions, sum(clicks) AS clicks,
    sum(attributed_sales) AS attributed_sales,
    sum(CASE WHEN attributed_sales IS NOT NULL THEN spend END) AS spend_with_sales,
    sum(direct_sales) AS direct_sales, sum(attributed_orders) AS attributed_orders,
    sum(net_attributed_sales) AS net_attributed_sales,
    sum(CASE WHEN net_attributed_sales IS NOT NULL THEN spend END) AS spend_with_net
FROM campaign_day
WHERE is_chosen AND day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
GROUP BY currency, shop, purse, account, campaign_id, ad_group_id
HAVING sum(spend) IS NOT NULL OR sum(attributed_sales) IS NOT NULL
ORDER BY currency, spend DESC NULLS LAST, shop, purse, account, campaign_id, ad_group_id
