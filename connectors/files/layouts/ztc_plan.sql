-- Source: Zhitongche (legacy) 账户报表 计划, header as in a public warehouse DDL that mirrors it.
-- Grain:  one row per campaign and day. Part of the money of the Alimama campaign report where both exist.
-- Units:  CNY; the window is not stated.
SELECT _row,
       $account AS account,
       "计划id" AS campaign_id,
       "日期" AS day,
       "推广类型" AS scene,
       "计划名称" AS campaign,
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
       "新成交用户数" AS new_buyers
FROM raw
