-- Source: JD Shangzhi 商品明细 SKU (37 columns; the real-time download has 取消订单… instead of the last ones).
-- Grain:  one row per SKU and day. A summary download shows a period in 时间, which is no day: its rows are refused.
-- Units:  CNY, people, units; 下单 = placed, 成交 = paid. Visitors are per SKU and never add up to the shop's.
SELECT _row,
       $account AS account,
       "SKU" AS item_id,
       "时间" AS day,
       "SKU名称" AS title,
       "货号" AS code,
       $currency AS currency,
       "商品访客数" AS visitors,
       "商品浏览量" AS page_views,
       "商详平均停留时长" * "商品访客数" AS stay_s,
       "加购客户数" AS cart_users,
       "加购商品件数" AS cart_units,
       "下单客户数" AS placed_buyers,
       "下单商品件数" AS placed_units,
       "下单单量" AS placed_orders,
       "下单金额" AS placed_amount,
       "成交客户数" AS paying_buyers,
       "成交单量" AS paid_orders,
       "成交商品件数" AS units,
       "成交金额" AS sales,
       "取消及售后退款金额" AS refunds,
       "搜索曝光次数" AS search_impressions,
       "搜索点击次数" AS search_clicks
FROM raw
