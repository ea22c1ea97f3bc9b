-- Source:  report/uni_promotion/get, one day and one marketing goal at a time
-- Grain:   one row per day and goal: a day of 全域推广 of the advertiser; the answer has no date, so the day asked for is taken
-- Units:   yuan. attributed_sales is 整体成交金额, which covers the whole room, organic sales and smart coupons included; user_paid is what buyers paid
-- table:   ad_day
-- columns: _asked.from day! AS day, stat_cost money!, total_pay_order_gmv_include_coupon_for_roi2 money!, total_pay_order_gmv_for_roi2 money!,
--          total_pay_order_count_for_roi2 count!, total_pay_order_coupon_amount_for_roi2 money, total_prepay_order_gmv_for_roi2 money
-- ignored: total_ecom_*, total_cost_*, total_prepay_*, total_unfinished_*, advertiser_id, aweme_id, stat_datetime
SELECT _row, $account AS account, day, '整体支付' AS attribution, split_part($account, '/', 2) AS scene, $currency AS currency, stat_cost AS spend,
       total_pay_order_gmv_include_coupon_for_roi2 AS attributed_sales, total_pay_order_count_for_roi2 AS attributed_orders,
       total_pay_order_gmv_for_roi2 AS user_paid, total_pay_order_coupon_amount_for_roi2 AS coupon_amount,
       total_prepay_order_gmv_for_roi2 AS presale_amount
FROM raw
