-- Source: Qianchuan 全域推直播, hourly; column order is the user's choice, last row 汇总.
-- Grain:  one row per advertiser, day and hour (20:00 - 21:00 is hour 20); a row without an hour is refused.
-- Units:  CNY. 整体成交金额 covers the whole room, organic sales and smart coupons included: user_paid + coupon_amount.
SELECT _row,
       coalesce("账号名称", $account) AS account,
       CASE WHEN regexp_matches("时间-小时", '^\s*\d{1,2}:\d{2}') THEN "日期" END AS day,
       TRY_CAST(regexp_extract("时间-小时", '(\d{1,2}):\d{2}', 1) AS SMALLINT) AS hour,
       '全域推直播' AS scene,
       $currency AS currency,
       "整体消耗" AS spend,
       "整体展示次数" AS impressions,
       "整体点击次数" AS clicks,
       "整体成交金额" AS attributed_sales,
       "整体成交订单数" AS attributed_orders,
       "净成交金额" AS net_attributed_sales,
       "净成交订单数" AS net_attributed_orders,
       "1小时内退款金额" AS refund_1h,
       "用户实际支付金额" AS user_paid,
       "整体成交智能优惠券金额" AS coupon_amount
FROM raw
