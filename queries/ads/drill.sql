-- purpose: ad spend and what the platform credits to it, account > campaign > ad group, each yuan once
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE, compare_from DATE NULL, compare_to DATE NULL
-- grain:   one row per currency, shop, purse, account, campaign and ad group
-- units:   money in currency; attributed figures follow the row's attribution and are never added across purses
-- reads:   campaign_day, source
WITH spend_days AS (
    SELECT *, day BETWEEN $day_from AND $day_to AS is_now
    FROM campaign_day
    WHERE is_chosen AND ($shops IS NULL OR list_contains($shops, shop))
        AND (day BETWEEN $day_from AND $day_to OR day BETWEEN $compare_from AND $compare_to)
), groups AS (
    SELECT currency, platform, shop, purse, account, campaign_id, ad_group_id,
        min(source) AS source,
        coalesce(arg_max(scene, day), '') AS scene,
        coalesce(arg_max(campaign, day), '') AS campaign,
        coalesce(arg_max(ad_group, day), '') AS ad_group,
        string_agg(DISTINCT nullif(attribution, ''), ' / ' ORDER BY nullif(attribution, '')) AS attribution,
        sum(spend) FILTER (WHERE is_now) AS spend,
        sum(impressions) FILTER (WHERE is_now) AS impressions,
        sum(clicks) FILTER (WHERE is_now) AS clicks,
        sum(attributed_sales) FILTER (WHERE is_now) AS attributed_sales,
        sum(spend) FILTER (WHERE is_now AND attributed_sales IS NOT NULL) AS spend_with_sales,
        sum(direct_sales) FILTER (WHERE is_now) AS direct_sales,
        sum(attributed_orders) FILTER (WHERE is_now) AS attributed_orders,
        sum(net_attributed_sales) FILTER (WHERE is_now) AS net_attributed_sales,
        sum(spend) FILTER (WHERE is_now AND net_attributed_sales IS NOT NULL) AS spend_with_net,
        sum(spend) FILTER (WHERE NOT is_now) AS spend_before,
        sum(attributed_sales) FILTER (WHERE NOT is_now) AS attributed_sales_before
    FROM spend_days
    GROUP BY currency, platform, shop, purse, account, campaign_id, ad_group_id
)
SELECT g.currency, g.platform, g.shop, g.purse, g.source, s.label_zh, s.label_en, g.account, g.scene,
    g.campaign_id, g.campaign, g.ad_group_id, g.ad_group, g.attribution,
    g.spend, g.impressions, g.clicks, g.attributed_sales, g.spend_with_sales, g.direct_sales, g.attributed_orders,
    g.net_attributed_sales, g.spend_with_net, g.spend_before, g.attributed_sales_before
FROM groups AS g
LEFT JOIN source AS s ON s.source = g.source
WHERE g.spend IS NOT NULL OR g.attributed_sales IS NOT NULL
ORDER BY g.currency, g.spend DESC NULLS LAST, g.shop, g.purse, g.account, g.campaign_id, g.ad_group_id
