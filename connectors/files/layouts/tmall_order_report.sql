-- Source: short Tmall order report (public teaching file, 28,010 rows; 总金额 = 买家实际支付金额 + 退款金额 on every paid row).
-- Grain:  one row per order; no status column, so the pay time alone says paid.
-- Units:  CNY. sales = 总金额 of paid rows; 买家实际支付金额 is net and never sales; refunds are booked on the paid day.
SELECT _row,
       "订单编号" AS order_id,
       CASE WHEN "订单付款时间" IS NULL THEN 'unpaid' ELSE 'paid' END AS status,
       "订单创建时间" AS created_at,
       "订单付款时间" AS paid_at,
       $currency AS currency,
       "总金额" AS placed_amount,
       CASE WHEN "订单付款时间" IS NOT NULL THEN "总金额" END AS paid_amount,
       CASE WHEN "订单付款时间" IS NOT NULL THEN "退款金额" END AS refund_amount,
       CASE status WHEN 'unpaid' THEN 10 ELSE 20 END AS status_rank
FROM raw
