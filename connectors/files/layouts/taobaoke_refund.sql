-- Source: Taobao affiliate 维权退款订单 (11 columns).
-- Grain:  one row per sub-order whose sale was taken back after its settlement.
-- Units:  CNY, negative: what the affiliate gives back, booked on the day the case was closed. A case that is still open
--         or was refused gives nothing back.
SELECT _row,
       "淘宝子订单编号" AS line_id,
       "淘宝订单编号" AS order_id,
       CASE WHEN "维权状态" LIKE '%成功%' THEN "维权完成时间" END AS settled_at,
       CASE WHEN "维权状态" LIKE '%成功%' THEN "维权完成时间" END AS refunded_at,
       $currency AS currency,
       CASE WHEN "维权状态" LIKE '%成功%' THEN -"维权退款金额" ELSE 0 END AS paid_amount,
       CASE WHEN "维权状态" LIKE '%成功%' THEN -"应退回佣金" ELSE 0 END AS commission,
       CASE WHEN "维权状态" LIKE '%成功%' THEN -"应退回服务费" ELSE 0 END AS service_fee,
       CASE WHEN "维权状态" LIKE '%成功%' THEN 40 ELSE 20 END AS status_rank
FROM raw
