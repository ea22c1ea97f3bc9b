-- Source:  report/uni_promotion/dimension_data/room/get, hourly, of each room
-- Grain:   one row per room and hour: the money of 全域推直播 again, seen by room, so never added to it. A room that runs past midnight is asked for with
--          both days, and stands as an account of its own so that one window never replaces half of it
-- Units:   yuan; what buyers paid and what was settled or given back within one hour. 整体成交金额 is not given by room
-- table:   ad_day
-- columns: room_id id!, stat_datetime at!, stat_cost_for_roi2 money!, total_pay_order_gmv_for_roi2 money!, total_pay_order_count_for_roi2 count!,
--          total_order_settle_amount_for_roi2_1h money, total_refund_order_gmv_for_roi2_1h_all money
-- ignored: advertiser_id, total_prepay_*, total_refund_order_count_for_roi2_1h
SELECT _row, room_id AS account, room_id AS campaign_id, stat_datetime::DATE AS day, extract(hour FROM stat_datetime) AS hour, '整体支付' AS attribution,
       '全域推直播' AS scene, $currency AS currency, stat_cost_for_roi2 AS spend, total_pay_order_count_for_roi2 AS attributed_orders,
       total_pay_order_gmv_for_roi2 AS user_paid, total_order_settle_amount_for_roi2_1h AS net_attributed_sales,
       total_refund_order_gmv_for_roi2_1h_all AS refund_1h
FROM raw
