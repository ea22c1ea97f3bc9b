-- Source: Doudian order export, the same rows as doudian_orders.sql.
-- Grain:  one row per sub-order (子订单编号), one SKU each.
-- Units:  CNY; payable as sales, closed sub-orders unpaid, a successful refund taken whole (see doudian_orders.sql).
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
SELECT _row,
       "主订单编号" AS order_id,
       "子订单编号" AS line_id,
       "商品ID" AS item_id,
       "商家编码" AS sku_code,
       "选购商品" AS title,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       "订单状态" AS status_raw,
       "订单提交时间" AS created_at,
       CASE WHEN is_paid THEN "支付完成时间" END AS paid_at,
       $currency AS currency,
       "商品数量" AS units,
       "商品单价" AS list_price,
       "订单应付金额" AS placed_amount,
       CASE WHEN is_paid THEN "订单应付金额" END AS paid_amount,
       CASE WHEN "售后状态" LIKE '%退款成功%' THEN "订单应付金额" WHEN is_paid THEN 0 END AS refund_amount,
       CASE WHEN "流量体裁" = '直播' THEN CASE WHEN is_host THEN 'live_host' ELSE 'live_own' END
            WHEN "流量体裁" LIKE '%短视频%' THEN 'video' WHEN "流量体裁" LIKE '%商品卡%' THEN 'card'
            WHEN "流量体裁" LIKE '%搜索%' THEN 'search' WHEN "流量体裁" IS NULL THEN '' ELSE 'other' END AS channel,
       CASE WHEN is_host THEN coalesce("达人昵称", "达人ID") END AS host,
       regexp_matches(coalesce("商家备注", ''), $note_pattern) AS is_brush,
       coalesce("订单类型", '') LIKE '%预售%' AS is_presale,
       state AS status_rank
FROM lines
