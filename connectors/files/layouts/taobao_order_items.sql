-- Source: Qianniu 已卖出的宝贝 item list (ExportOrderDetailList), 18 columns.
-- Grain:  one row per sub-order (子订单编号).
-- Units:  CNY. paid_amount is before refunds: what the buyer kept paying plus what came back in a finished refund.
--         退款金额 carries words (无退款申请) where there was no refund; only a number is an amount.
WITH lines AS (
    SELECT *, CASE WHEN "退款状态" LIKE '%成功%'
                   THEN TRY_CAST(replace("退款金额", ',', '') AS DECIMAL(18, 4)) ELSE 0 END AS refunded
    FROM raw)
SELECT _row,
       "主订单编号" AS order_id,
       "子订单编号" AS line_id,
       coalesce("外部系统编号", "商家编码") AS sku_code,
       "标题" AS title,
       CASE WHEN "订单状态" LIKE '%等待买家付款%' THEN 'unpaid'
            WHEN "订单状态" LIKE '%等待卖家发货%' OR "订单状态" LIKE '%已付款%' THEN 'paid'
            WHEN "订单状态" LIKE '%已发货%' OR "订单状态" LIKE '%等待买家确认%' THEN 'shipped'
            WHEN "订单状态" LIKE '%成功%' THEN 'done'
            WHEN "订单状态" LIKE '%关闭%' THEN 'closed'
            WHEN "订单付款时间" IS NULL THEN 'unpaid' ELSE 'paid' END AS status,
       "订单状态" AS status_raw,
       "订单创建时间" AS created_at,
       "订单付款时间" AS paid_at,
       $currency AS currency,
       "购买数量" AS units,
       "价格" AS list_price,
       "买家应付货款" AS placed_amount,
       CASE WHEN "订单付款时间" IS NOT NULL THEN coalesce("买家实际支付金额" + refunded, "买家应付货款") END AS paid_amount,
       CASE WHEN "订单付款时间" IS NOT NULL THEN refunded END AS refund_amount,
       regexp_matches(coalesce("备注", ''), $note_pattern) AS is_brush,
       CASE status WHEN 'unpaid' THEN 10 WHEN 'paid' THEN 20 WHEN 'shipped' THEN 30 WHEN 'done' THEN 40 ELSE 50 END AS status_rank
FROM lines
