-- Source:  GET report/integrated/get/, BASIC, AUCTION_CAMPAIGN, every status
-- Grain:   one row per campaign and day of the account's zone
-- Units:   decimal text in the account's currency. Credited sales and orders are those that the account's option `purchases` names, else unknown;
--          the name of the metric stands in attribution. video_views are plays, however short.
-- table:   ad_day
-- columns: dimensions.campaign_id id!, dimensions.stat_time_day day! AS day, metrics.campaign_name text AS campaign, metrics.spend money! AS spend,
--          metrics.impressions count! AS impressions, metrics.clicks count AS clicks, metrics.reach count AS reach, metrics.complete_payment count,
--          metrics.total_purchase_value money, metrics.onsite_shopping count, metrics.total_onsite_shopping_value money,
--          metrics.video_play_actions count AS video_views, metrics.follows count AS follows
-- ignored: metrics.*
SELECT _row, $account AS account, campaign_id, day, CASE $option_purchases WHEN 'website' THEN 'complete_payment' WHEN 'onsite' THEN 'onsite_shopping' ELSE '' END AS attribution,
       campaign, $currency AS currency, spend, impressions, clicks,
       CASE $option_purchases WHEN 'website' THEN total_purchase_value WHEN 'onsite' THEN total_onsite_shopping_value END AS attributed_sales,
       CASE $option_purchases WHEN 'website' THEN complete_payment WHEN 'onsite' THEN onsite_shopping END AS attributed_orders,
       reach, video_views, follows
FROM raw
