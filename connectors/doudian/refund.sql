-- Source:  afterSale.List with afterSale.Detail of each case
-- Grain:   one row per after-sales case; a refund counts when its refund_status is 3, on the day the money went back
-- Units:   fen on the wire, CNY here. refund_amount of the list is what was asked for; what was paid is the detail's real_refund_amount.
--          A case that the buyer withdrew stays at refund_status 1 with status 28 for ever: it is closed, not pending.
-- table:   refund
-- covers:  done_at
-- columns: aftersale_info.aftersale_id id! AS refund_id, order_info.shop_order_id id! AS order_id, aftersale_info.related_id id AS line_id,
--          aftersale_info.aftersale_type text AS kind, aftersale_info.aftersale_status text! AS state, aftersale_info.apply_time unix_s! AS applied_at,
--          aftersale_info.update_time unix_s! AS updated_at, aftersale_info.refund_amount fen! AS applied_amount,
--          detail.process_info.after_sale_info.refund_status text! AS refund_status,
--          detail.process_info.after_sale_info.real_refund_amount fen AS paid_back, detail.process_info.after_sale_info.refund_time unix_s AS refund_time,
--          order_info.related_order_info json AS related
-- ignored: aftersale_info.*, order_info.*, detail.*
SELECT _row, $account AS account, refund_id, order_id, line_id, json_extract_string(related, '$[0].product_id') AS item_id,
       applied_at, CASE WHEN refund_status = '3' THEN refund_time END AS done_at, $currency AS currency, applied_amount,
       CASE WHEN refund_status = '3' THEN paid_back END AS amount, refund_status = '3' AS is_done,
       CASE kind WHEN '0' THEN '退货退款' WHEN '1' THEN '发货后仅退款' WHEN '2' THEN '发货前退款' WHEN '3' THEN '换货' WHEN '6' THEN '价保' ELSE kind END AS kind,
       state || '/' || refund_status AS status_raw, updated_at,
       CASE WHEN refund_status = '3' THEN 40 WHEN state IN ('27', '28') THEN 30 WHEN refund_status = '2' THEN 20 ELSE 10 END AS status_rank
FROM raw
