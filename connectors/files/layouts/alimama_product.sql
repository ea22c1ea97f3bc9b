-- Source: Alimama Wanxiangtai 商品报表 (81 columns, GB18030).
-- Grain:  one row per campaign, item (主体ID) and day; one item stands in several campaigns of a day.
-- Units:  CNY. The same money as the campaign report (计划报表), seen by item: never add the two.
SELECT _row,
       $account AS account,
       "计划ID" AS campaign_id,
       "主体ID" AS item_id,
       "日期" AS day,
       "场景名字" AS scene,
       "计划名字" AS campaign,
       "主体名称" AS title,
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
