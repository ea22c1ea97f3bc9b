-- Source: Qianniu 已卖出的宝贝 order list (ExportOrderList), header as in public warehouse DDL mirroring it.
-- Grain:  one row per parent order.
-- Units:  CNY. 买家实际支付金额 is already net of refunds, so sales = 总金额 of the orders that carry a pay time;
--         the refund has no date in this file and is booked on the paid day. An order closed after payment stays paid.
SELECT _row,
       "订单编号" AS order_id,
       "买家会员名" AS buyer,
       CASE WHEN "订单状态" LIKE '%等待买家付款%' THEN 'unpaid'
            WHEN "订单状态" LIKE '%等待卖家发货%' OR "订单状态" LIKE '%已付款%' THEN 'paid'
            WHEN "订单状态" LIKE '%已发货%' OR "订单状态" LIKE '%等待买家确认%' THEN 'shipped'
            WHEN "订单状态" LIKE '%成功%' THEN 'done'
            WHEN "订单状态" LIKE '%关闭%' THEN 'closed'
            WHEN "订单付款时间" IS NULL THEN 'unpaid' ELSE 'paid' END AS status,
       "订单状态" AS status_raw,
       "订单创建时间" AS created_at,
       "订单付款时间" AS paid_at,
       "确认收货时间" AS done_at,
       $currency AS currency,
       "总金额" AS placed_amount,
       CASE WHEN "订单付款时间" IS NOT NULL THEN "总金额" END AS paid_amount,
       "买家应付邮费" AS freight,
       CASE WHEN "订单付款时间" IS NOT NULL THEN "退款金额" END AS refund_amount,
       "宝贝总数量" AS units,
       regexp_matches(coalesce("商家备忘", ''), $note_pattern) OR regexp_matches(coalesce("订单备注", ''), $note_pattern) AS is_brush,
       coalesce("预售订单", '') NOT IN ('', '否', '0') AS is_presale,
       CASE status WHEN 'unpaid' THEN 10 WHEN 'paid' THEN 20 WHEN 'shipped' THEN 30 WHEN 'done' THEN 40 ELSE 50 END AS status_rank
FROM raw
