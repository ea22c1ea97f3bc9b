-- mart: campaign_day
-- replace: touched
-- grain: shop, currency, day, source, account, scene, campaign, ad group, attribution; is_chosen rows make up the shop's spend,
--        the others are the same money in another report or another attribution window
-- reads: ad_day, mart.shop, mart.purse_source
WITH ads AS (
    SELECT a.*, coalesce(a.currency, s.currency) AS money, s.platform,
           max(CASE WHEN a.hour = -1 THEN 1 ELSE 0 END) OVER (PARTITION BY a.shop, a.source, a.account, a.campaign_id, a.ad_group_id,
               a.ad_id, a.item_id, a.day, a.attribution) AS has_whole_day,
           first_value(a.attribution) OVER (PARTITION BY a.shop, a.source, a.account, a.campaign_id, a.ad_group_id, a.ad_id,
               a.item_id, a.day ORDER BY coalesce(a.attribution_days, -1) DESC, a.attribution DESC) AS longest
    FROM ad_day a
    JOIN touched t ON t.shop = a.shop AND t.day = a.day
    JOIN mart.shop s ON s.shop = a.shop
    WHERE a.day >= getvariable('first_day') AND a.day <= getvariable('last_day')
)
SELECT a.shop, a.platform, a.money AS currency, a.day, p.purse, a.source, a.account, coalesce(a.scene, '') AS scene,
       a.campaign_id, coalesce(max(a.campaign), '') AS campaign, a.ad_group_id, coalesce(max(a.ad_group), '') AS ad_group, a.attribution,
       CAST(sum(a.spend) AS DECIMAL(18,4)) AS spend, CAST(sum(a.impressions) AS DECIMAL(18,4)) AS impressions,
       CAST(sum(a.clicks) AS DECIMAL(18,4)) AS clicks, CAST(sum(a.attributed_sales) AS DECIMAL(18,4)) AS attributed_sales,
       CAST(sum(a.direct_sales) AS DECIMAL(18,4)) AS direct_sales, CAST(sum(a.indirect_sales) AS DECIMAL(18,4)) AS indirect_sales,
       CAST(sum(a.attributed_orders) AS DECIMAL(18,4)) AS attributed_orders,
       CAST(sum(a.net_attributed_sales) AS DECIMAL(18,4)) AS net_attributed_sales,
       CAST(sum(a.refund_1h) AS DECIMAL(18,4)) AS refund_1h, CAST(sum(a.coupon_amount) AS DECIMAL(18,4)) AS coupon_amount,
       CAST(sum(a.cart_adds) AS DECIMAL(18,4)) AS cart_adds, CAST(sum(a.new_buyers) AS DECIMAL(18,4)) AS new_buyers,
       p.is_chosen AND a.attribution = a.longest AS is_chosen, p.state, greatest(p.as_of, max(a.as_of)) AS as_of
FROM ads a
JOIN mart.purse_source p ON p.shop = a.shop AND p.source = a.source AND p.day = a.day
WHERE a.hour = -1 OR a.has_whole_day = 0
GROUP BY a.shop, a.platform, a.money, a.day, p.purse, a.source, a.account, coalesce(a.scene, ''), a.campaign_id, a.ad_group_id,
         a.attribution, p.is_chosen AND a.attribution = a.longest, p.state, p.as_of
