-- Source: Alimama Wanxiangtai 计划报表 (75 columns, GB18030).
-- Grain:  one row per campaign and day. The same money stands again in the item report.
-- Units:  CNY. The file does not say its attribution window, so it is left empty; figures restate for 15 days.
SELECT _row,
       $account AS account,
       "计划ID" AS campaign_id,
       "日期" AS day,
       "场景名字" AS scene,
       "计划名字" AS campaign,
       $currency AS currency,
       "花费" AS spend,
       "展现量" AS impressions,
       "点击量" AS clicks,
       "总成交金额" AS attributed_sales,
       "直接成交金额" AS direct_sales,
       "间接成交金额" AS indirect_sales,
       "总成交笔数" AS attributed_orders,
       "直接成交笔数" AS direct_orders,
       "总预售成交金额" AS presale_amount,
       "总购物车数" AS cart_adds,
       "总收藏数" AS favourites,
       "成交新客数" AS new_buyers,
       "成交人数" AS buyers
FROM raw
