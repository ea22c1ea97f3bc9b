-- Source: Sycm 自助取数; every column but 统计日期 and 店铺名称 is the user's choice.
-- Grain:  one figure of the whole shop per period and metric; the period is a day or a range a~b: Monday to Sunday is a
--         week, the first to the last of a month a month.
-- Units:  CNY, people, orders, seconds. 当期已购客户数 are the paying buyers of the period as the platform counts them.
WITH dated AS (
    SELECT *, range_from("统计日期")::DATE AS day, range_to("统计日期")::DATE AS day_to FROM raw),
figures AS (
    SELECT _row, day, day_to,
           "访客数"::DECIMAL(18, 4) AS visitors,
           "浏览量"::DECIMAL(18, 4) AS page_views,
           "新访客户数"::DECIMAL(18, 4) AS new_visitors,
           "回访客户数"::DECIMAL(18, 4) AS returning_visitors,
           "店铺客户数"::DECIMAL(18, 4) AS shop_customers,
           "加购人数"::DECIMAL(18, 4) AS cart_users,
           "加购件数"::DECIMAL(18, 4) AS cart_units,
           "下单买家数"::DECIMAL(18, 4) AS placed_buyers,
           "下单金额"::DECIMAL(18, 4) AS placed_amount,
           coalesce("支付买家数", "当期已购客户数")::DECIMAL(18, 4) AS paying_buyers,
           "支付件数"::DECIMAL(18, 4) AS units,
           "支付金额"::DECIMAL(18, 4) AS sales,
           "成功退款金额"::DECIMAL(18, 4) AS refunds,
           "父订单数"::DECIMAL(18, 4) AS paid_orders,
           "复购父订单数"::DECIMAL(18, 4) AS repeat_orders,
           "子订单数"::DECIMAL(18, 4) AS paid_lines,
           "店铺店播时长(s)"::DECIMAL(18, 4) AS live_s,
           "店铺会员数"::DECIMAL(18, 4) AS members,
           "店铺粉丝数"::DECIMAL(18, 4) AS followers,
           "店铺广告引导人数"::DECIMAL(18, 4) AS ad_visitors
    FROM dated)
SELECT _row, $account AS account, metric,
       CASE WHEN day = day_to THEN 'day'
            WHEN day_to - day = 6 AND isodow(day) = 1 THEN 'week'
            WHEN day = date_trunc('month', day) AND day_to = last_day(day) THEN 'month' ELSE 'range' END AS period_kind,
       day, day_to, $currency AS currency, value
FROM (UNPIVOT figures ON COLUMNS(* EXCLUDE (_row, day, day_to)) INTO NAME metric VALUE value)
