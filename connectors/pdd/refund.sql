-- Source:  pdd.refund.list.increment.get
-- Grain:   one row per after-sales case
-- Units:   yuan text. Status 10 is money given back; its own time is not given, so the day is that of updated_time, the last change.
--          confirm_time is when the group formed, and no day of a refund.
-- table:   refund
-- covers:  done_at
-- columns: id id! AS refund_id, order_sn id! AS order_id, goods_id id AS item_id, sku_id id AS line_id, after_sales_type text! AS type, after_sales_status text! AS state,
--          after_sale_reason text AS reason, refund_amount money! AS asked, created_time at! AS applied_at, confirm_time at AS paid_at, updated_time at! AS changed_at
-- ignored: goods_name, goods_number, goods_price, good_image, order_amount, discount_amount, outer_id, outer_goods_id, speed_refund_*, dispute_refund_status
SELECT _row, $account AS account, refund_id, order_id, line_id, item_id, applied_at, paid_at, CASE WHEN state = '10' THEN changed_at END AS done_at,
       $currency AS currency, asked AS applied_amount, CASE WHEN state = '10' THEN asked END AS amount, state = '10' AS is_done,
       CASE type WHEN '2' THEN '仅退款' WHEN '3' THEN '退货退款' WHEN '4' THEN '换货' WHEN '5' THEN '补寄' ELSE type END AS kind, reason,
       state AS status_raw, changed_at AS updated_at, CASE WHEN state = '10' THEN 40 WHEN state IN ('9', '11', '12', '13') THEN 30 ELSE 10 END AS status_rank
FROM raw
