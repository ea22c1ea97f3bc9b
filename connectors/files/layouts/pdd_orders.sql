-- Source: Pinduoduo merchant order export (23 columns seen).
-- Grain:  one row per order (an order is one SKU there).
-- Units:  CNY. Sales are 用户实付金额; the platform's own discounts, which the seller receives too, are platform_discount.
--         订单成交时间 is the time of payment and wins; where it is blank the order number gives the day (yymmdd).
--         The list says only that a refund succeeded: the whole paid amount is taken, booked on the paid day.
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
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       "订单状态" AS status_raw,
       traded_at AS created_at,
       CASE WHEN state NOT IN (10, 50) THEN traded_at END AS paid_at,
       "确认收货时间" AS done_at,
       $currency AS currency,
       "用户实付金额(元)" AS placed_amount,
       CASE WHEN state NOT IN (10, 50) THEN "用户实付金额(元)" END AS paid_amount,
       "邮费(元)" AS freight,
       "店铺优惠折扣(元)" AS seller_discount,
       coalesce("平台优惠折扣(元)", 0) + coalesce("多多支付立减金额(元)", 0) AS platform_discount,
       CASE WHEN state IN (10, 50) THEN NULL
            WHEN coalesce("售后状态", '') LIKE '%退款成功%' OR "订单状态" LIKE '%退款成功%' THEN "用户实付金额(元)" ELSE 0 END AS refund_amount,
       "商品数量(件)" AS units,
       regexp_matches(coalesce("商家备注", ''), $note_pattern) AS is_brush,
       state AS status_rank
FROM orders
