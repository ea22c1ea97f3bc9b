-- Source:  jingdong.dsp.report.queryCampDailySum
-- Grain:   one row per campaign and day; the basis and the days of credit are part of the key
-- Units:   money in the unit that the account's option money_unit states; the platform's order counts are order lines
-- table:   ad_day
-- columns: figureData.date day! AS day, figureData.CampaignId id! AS campaign_id, figureData.CampaignName text AS campaign, figureData.Cost money! AS cost,
--          figureData.Clicks count! AS clicks, figureData.Impressions count! AS impressions, figureData.TotalOrderSum money! AS total_sum,
--          figureData.TotalOrderCnt count AS total_cnt, figureData.DirectOrderSum money AS direct_sum, figureData.DirectOrderCnt count AS direct_cnt,
--          figureData.IndirectOrderSum money AS indirect_sum, figureData.TotalCartCnt count AS carts, figureData.GoodsAttentionCnt count AS goods_followed,
--          figureData.ShopAttentionCnt count AS shop_followed, figureData.NewCustomersCnt count AS new_customers
-- ignored: id, pin, date, dimension, figureData.*
WITH rows AS (SELECT *, CASE $option_money_unit WHEN 'fen' THEN 0.01 WHEN 'li' THEN 0.001 ELSE 1.000 END AS unit FROM raw)
SELECT _row, $account AS account, campaign_id, day,
       CASE $option_ads_basis WHEN 'order' THEN '下单口径' ELSE '点击口径' END AS attribution, $option_ads_days::SMALLINT AS attribution_days, '快车' AS scene, campaign, $currency AS currency,
       cost * unit AS spend, impressions, clicks, total_sum * unit AS attributed_sales, direct_sum * unit AS direct_sales,
       indirect_sum * unit AS indirect_sales, total_cnt AS attributed_orders, direct_cnt AS direct_orders, carts AS cart_adds,
       goods_followed AS favourites, new_customers AS new_buyers, shop_followed AS follows
FROM rows
