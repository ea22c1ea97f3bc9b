-- Source: Sycm 商品_全部, 38 columns, four rows above the header.
-- Grain:  one row per item and day. A file over several days shows a range in 统计日期, which is no day: its rows are
--         refused instead of being booked on one day.
-- Units:  CNY, people, units. Item visitors never add up to the shop's visitors.
SELECT _row,
       $account AS account,
       "商品ID" AS item_id,
       "统计日期" AS day,
       "商品名称" AS title,
       "货号" AS code,
       $currency AS currency,
       "商品访客数" AS visitors,
       "商品浏览量" AS page_views,
       "平均停留时长" * "商品访客数" AS stay_s,
       "商品详情页跳出率" * "商品访客数" AS bounced,
       "商品加购人数" AS cart_users,
       "商品加购件数" AS cart_units,
       "商品收藏人数" AS fav_users,
       "下单买家数" AS placed_buyers,
       "下单件数" AS placed_units,
       "下单金额" AS placed_amount,
       "支付买家数" AS paying_buyers,
       "支付件数" AS units,
       "支付金额" AS sales,
       "支付新买家数" AS new_buyers,
       "支付老买家数" AS old_buyers,
       "老买家支付金额" AS old_buyer_sales,
       "成功退款金额" AS refunds
FROM raw
