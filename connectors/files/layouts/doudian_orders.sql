-- Source: Doudian order export (74 columns; rows and after-sale header seen in public files).
-- Grain:  the file has one row per sub-order; here one row per 主订单编号, amounts summed.
-- Units:  CNY. Sales are 订单应付金额 (what the buyer pays); the seller also receives 平台实际承担优惠金额, kept in
--         platform_discount, so seller income = paid_amount + platform_discount on paid orders. Sub-orders of state 已关闭
--         carry a pay time but are no sale: they count neither as paid nor in the platform's share. The list says only
--         that a refund succeeded, not how much: the whole payable of that sub-order is taken, booked on the paid day.
--         An order closed as a whole keeps its refund in the row, but has no paid day: neither sale nor refund is counted.
--         Channel comes from 流量体裁; a 达人ID other than 0 makes a live room the host's.
WITH lines AS (
    SELECT *,
           CASE WHEN "订单状态" LIKE '%关闭%' OR "订单状态" LIKE '%取消%' THEN 50
                WHEN "订单状态" LIKE '%完成%' THEN 40
                WHEN "订单状态" IN ('待发货', '备货中', '已支付', '部分发货') THEN 20
                WHEN "订单状态" LIKE '%已发货%' THEN 30
                WHEN "支付完成时间" IS NULL THEN 10 ELSE 20 END AS state,
           state <> 50 AND "支付完成时间" IS NOT NULL AS is_paid,
           coalesce("达人ID", '') NOT IN ('', '0') AS is_host
    FROM raw)
SELECT min(_row) AS _row,
       "主订单编号" AS order_id,
       -- an order is as far as its least advanced open sub-order; closed only when all of them are
       CASE coalesce(min(state) FILTER (state < 50), 50)
            WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       arg_min("订单状态", _row) AS status_raw,
       min("订单提交时间") AS created_at,
       min("支付完成时间") FILTER (is_paid) AS paid_at,
       max("订单完成时间") FILTER (state = 40) AS done_at,
       $currency AS currency,
       sum("订单应付金额") AS placed_amount,
       sum("订单应付金额") FILTER (is_paid) AS paid_amount,
       sum("运费") AS freight,
       sum("商家实际承担优惠金额") AS seller_discount,
       sum("平台实际承担优惠金额") AS platform_discount,
       sum("达人实际承担优惠金额") AS host_discount,
       coalesce(sum(CASE WHEN "售后状态" LIKE '%退款成功%' THEN "订单应付金额" ELSE 0 END) FILTER (is_paid),
                sum("订单应付金额") FILTER ("售后状态" LIKE '%退款成功%')) AS refund_amount,
       sum("商品数量") AS units,
       arg_min(CASE WHEN "流量体裁" = '直播' THEN CASE WHEN is_host THEN 'live_host' ELSE 'live_own' END
                    WHEN "流量体裁" LIKE '%短视频%' THEN 'video' WHEN "流量体裁" LIKE '%商品卡%' THEN 'card'
                    WHEN "流量体裁" LIKE '%搜索%' THEN 'search' WHEN "流量体裁" IS NULL THEN '' ELSE 'other' END, _row) AS channel,
       arg_min(CASE WHEN is_host THEN coalesce("达人昵称", "达人ID") END, _row) AS host,
       bool_or(regexp_matches(coalesce("商家备注", ''), $note_pattern)) AS is_brush,
       bool_or(coalesce("订单类型", '') LIKE '%预售%') AS is_presale,
       coalesce(min(state) FILTER (state < 50), 50) AS status_rank
FROM lines
GROUP BY "主订单编号"
