-- Source: the same workbook as compass_session_detail.sql, sheet 商品明细 (header repeated inside, SKU rows under a "-").
-- Grain:  one row per item of the session.
-- Units:  CNY, people, units; user_paid only, the sheet gives no 成交金额.
SELECT i._row,
       b."抖音号or火山号" AS account,
       range_from(b."直播时间") AS started_at,
       i."商品ID" AS item_id,
       i."商品名称" AS title,
       $currency AS currency,
       i."商品曝光人数" AS product_impression_users,
       i."商品点击人数" AS product_click_users,
       i."成交人数" AS buyers,
       i."成交件数" AS units,
       i."用户支付金额" AS user_paid
FROM raw b, items i
