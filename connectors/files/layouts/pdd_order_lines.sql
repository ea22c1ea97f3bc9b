-- Source: Pinduoduo merchant order export, the same rows as pdd_orders.sql.
-- Grain:  one row per order, which holds one SKU; the line id is the order id.
-- Units:  CNY; amounts and dates as in pdd_orders.sql.
WITH orders AS (
    SELECT *,
           CASE WHEN "订单状态" LIKE '%取消%' OR "订单状态" LIKE '%关闭%' THEN 50
                WHEN "订单状态" LIKE '%待付款%' OR "订单状态" LIKE '%待支付%' OR "订单状态" LIKE '%未支付%' THEN 10
                WHEN "订单状态" LIKE '%已收货%' OR "订单状态" LIKE '%已签收%' OR "订单状态" LIKE '%完成%' THEN 40
                WHEN "订单状态" LIKE '%已发货%' THEN 30 ELSE 20 END AS state,
           coalesce("订单成交时间",
                    TRY_STRPTIME('20' || regexp_extract("订单号", '^(\d{6})-', 1), '%Y%m%d')) AS traded_at
    FROM raw)
SELECT _row,
       "订单号" AS order_id,
       "订单号" AS line_id,
       "商品id" AS item_id,
       "样式ID" AS sku_id,
       "商家编码-规格维度" AS sku_code,
       "商品" AS title,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       "订单状态" AS status_raw,
       traded_at AS created_at,
       CASE WHEN state NOT IN (10, 50) THEN traded_at END AS paid_at,
       $currency AS currency,
       "商品数量(件)" AS units,
       CAST("商品总价(元)" / nullif("商品数量(件)", 0) AS DECIMAL(18, 4)) AS list_price,
       "用户实付金额(元)" AS placed_amount,
       CASE WHEN state NOT IN (10, 50) THEN "用户实付金额(元)" END AS paid_amount,
       CASE WHEN state IN (10, 50) THEN NULL
            WHEN coalesce("售后状态", '') LIKE '%退款成功%' OR "订单状态" LIKE '%退款成功%' THEN "用户实付金额(元)" ELSE 0 END AS refund_amount,
       regexp_matches(coalesce("商家备注", ''), $note_pattern) AS is_brush,
       state AS status_rank
FROM orders
