-- Source: Sycm 直播分场次, header as in a public warehouse DDL that mirrors the export.
-- Grain:  one row per live session; only its start is given, so its end and length stay unknown.
-- Units:  CNY, people, times. Rates are left out: they come back from their parts.
SELECT _row,
       "开播时间" AS started_at,
       "场次id" AS session_id,
       "直播标题" AS title,
       $currency AS currency,
       "直播间观看人数" AS viewers,
       "直播间观看次数" AS views,
       "新增粉丝数" AS new_followers,
       "商品点击人数" AS product_click_users,
       "商品点击次数" AS product_clicks,
       "成交人数" AS buyers,
       "成交笔数" AS orders,
       "成交件数" AS units,
       "成交金额" AS live_sales
FROM raw
