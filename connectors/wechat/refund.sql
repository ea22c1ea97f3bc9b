-- Source:  channels/ec/aftersale/getaftersalelist with getaftersaleorder of each
-- Grain:   one row per after-sales case; a refund counts when its status is MERCHANT_REFUND_SUCCESS or MERCHANT_RETURN_SUCCESS
--          (an exchange that succeeded gives no money back)
-- Units:   fen on the wire, CNY here. When the money went back is not given: the case's last change stands for it, which is that day or later.
-- table:   refund
-- covers:  done_at
-- columns: after_sale_order_id id!, order_id id!, status text!, type text!, create_time unix_s!, update_time unix_s!, refund_info.amount fen!,
--          reason_text text, product_info.product_id id, product_info.sku_id id
-- ignored: product_info.count, refund_info.refund_reason, refund_info.*, product_info.*, reason, refund_resp.*, complaint_id, deadline
WITH cases AS (SELECT *, status IN ('MERCHANT_REFUND_SUCCESS', 'MERCHANT_RETURN_SUCCESS') AS is_done FROM raw)
SELECT _row, $account AS account, after_sale_order_id AS refund_id, order_id, sku_id AS line_id, product_id AS item_id,
       create_time AS applied_at, CASE WHEN is_done THEN update_time END AS done_at, $currency AS currency,
       amount AS applied_amount, CASE WHEN is_done THEN amount END AS amount, is_done,
       CASE type WHEN 'REFUND' THEN '仅退款' WHEN 'RETURN' THEN '退货退款' ELSE type END AS kind, nullif(reason_text, '') AS reason,
       status AS status_raw, update_time AS updated_at, CASE WHEN is_done THEN 40 ELSE 10 END AS status_rank
FROM cases
