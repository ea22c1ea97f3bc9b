-- Source:  GET gmv_max/report/get/ by campaign and day, every status, LIVE and PRODUCT campaigns
-- Grain:   one row per GMV Max campaign and day of the account's zone
-- Units:   decimal text in the account's currency. gross_revenue is paid and organic orders of the store with the platform's subsidies, before refunds;
--          cost holds ad credit too (net_cost does not). LIVE orders count for LIVE campaigns only.
-- table:   ad_day
-- columns: dimensions.campaign_id id!, dimensions.stat_time_day day! AS day, _asked.promotion text! AS promotion, metrics.campaign_name text AS campaign,
--          metrics.cost money! AS cost, metrics.gross_revenue money AS gross_revenue, metrics.orders count AS orders, metrics.live_views count AS live_views,
--          metrics.live_follows count AS live_follows
-- ignored: metrics.*
SELECT _row, $account AS account, campaign_id, day, CASE promotion WHEN 'LIVE' THEN 'GMV Max LIVE' ELSE 'GMV Max Product' END AS scene, campaign,
       $currency AS currency, cost AS spend, gross_revenue AS attributed_sales, orders AS attributed_orders, live_views AS video_views, live_follows AS follows
FROM raw
