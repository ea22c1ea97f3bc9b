-- Source: Compass 直播间详情页 整场数据 workbook, sheets 基本信息, 整体看板, 流量转化 (key and value), 渠道分析 (first row 整体).
-- Grain:  one row: the session of the workbook. Start and end stand in 直播时间, joined by - or ~.
-- Units:  CNY (¥ and commas), people, times; 1.2万 and 1分5秒 are read. Only user_paid is given, no 成交金额. Average watch
--         time is per view: watch_s = average x views of the 整体 row.
SELECT b._row,
       b."抖音号or火山号" AS account,
       range_from(b."直播时间") AS started_at,
       range_to(b."直播时间") AS ended_at,
       b."达人昵称" AS account_name,
       $currency AS currency,
       date_diff('second', range_from(b."直播时间"), range_to(b."直播时间")) AS duration_s,
       f."直播间曝光人数" AS room_impression_users,
       coalesce(f."直播间观看人数", v."直播间观看人数", w."观看人数") AS viewers,
       w."观看次数" AS views,
       coalesce(v."人均观看时长", w."人均观看时长") * w."观看次数" AS watch_s,
       v."平均在线人数" AS acu,
       f."商品曝光人数" AS product_impression_users,
       f."商品点击人数" AS product_click_users,
       f."成交人数" AS buyers,
       w."成交订单数" AS orders,
       coalesce(b."直播间用户支付金额", w."用户支付金额") AS user_paid,
       w."千川消耗" AS ad_spend
FROM raw b
LEFT JOIN board v ON true
LEFT JOIN funnel f ON true
LEFT JOIN (SELECT * FROM channels WHERE "渠道名称" IN ('整体', '汇总', '总计')) w ON true
