-- Source:  pdd.ad.api.report.daily.report.query, dimension 0 (advertiser)
-- Grain:   one row per advertising scene and day; the scene stands for the campaign, whose id is not given at this depth
-- Units:   厘 (1/1000 yuan). How orders are credited is not stated, so attribution stays empty.
-- table:   ad_day
-- columns: date day! AS day, spend li!, impression count! AS impressions, click count! AS clicks, gmv li!, orderNum count AS orders,
--          goodsFavNum count AS goods_followed, mallFavNum count AS shop_followed, _asked.scenesType text! AS number
-- ignored: ctr, cpc, cpm, roi, cvr, avgPayAmount, transactionCost
WITH days AS (SELECT *, CASE number WHEN '0' THEN '搜索推广' WHEN '1' THEN '明星店铺' WHEN '2' THEN '场景展示' ELSE number END AS scene FROM raw)
SELECT _row, $account AS account, scene AS campaign_id, day, scene, scene AS campaign, $currency AS currency, spend, impressions, clicks,
       gmv AS attributed_sales, orders AS attributed_orders, goods_followed AS favourites, shop_followed AS follows
FROM days
