-- Source: Sycm 宏观监控(日), 27 columns.
-- Grain:  one figure of the whole shop per day and metric (the shop's own 支付金额, buyers and visitors).
-- Units:  CNY, people, units. 商品访客数 here is de-duplicated over the whole shop, so it is the shop's visitors.
--         Averages and rates are kept as their parts: stay_s = average stay x visitors, bounced = bounce rate x visitors.
--         成功退货退款金额 is booked on the day the refund was done and can exceed the day's sales.
WITH figures AS (
    SELECT _row, "统计日期" AS day,
           "商品访客数"::DECIMAL(18, 4) AS visitors,
           "商品浏览量"::DECIMAL(18, 4) AS page_views,
           "商品微详情访客数"::DECIMAL(18, 4) AS micro_detail_visitors,
           CAST("商品平均停留时长" * "商品访客数" AS DECIMAL(18, 4)) AS stay_s,
           CAST("商品详情页跳出率" * "商品访客数" AS DECIMAL(18, 4)) AS bounced,
           "商品收藏人数"::DECIMAL(18, 4) AS fav_users,
           "商品加购人数"::DECIMAL(18, 4) AS cart_users,
           "商品加购件数"::DECIMAL(18, 4) AS cart_units,
           "下单买家数"::DECIMAL(18, 4) AS placed_buyers,
           "下单件数"::DECIMAL(18, 4) AS placed_units,
           "下单金额"::DECIMAL(18, 4) AS placed_amount,
           "支付买家数"::DECIMAL(18, 4) AS paying_buyers,
           "支付件数"::DECIMAL(18, 4) AS units,
           "支付金额"::DECIMAL(18, 4) AS sales,
           "分期支付金额"::DECIMAL(18, 4) AS instalment_sales,
           "支付新买家数"::DECIMAL(18, 4) AS new_buyers,
           "支付老买家数"::DECIMAL(18, 4) AS old_buyers,
           "老买家支付金额"::DECIMAL(18, 4) AS old_buyer_sales,
           "有支付商品数"::DECIMAL(18, 4) AS items_sold,
           "有访问商品数"::DECIMAL(18, 4) AS items_visited,
           "成功退货退款金额"::DECIMAL(18, 4) AS refunds
    FROM raw)
SELECT _row, $account AS account, metric, 'day' AS period_kind, day, day AS day_to, $currency AS currency, value
FROM (UNPIVOT figures ON COLUMNS(* EXCLUDE (_row, day)) INTO NAME metric VALUE value)
