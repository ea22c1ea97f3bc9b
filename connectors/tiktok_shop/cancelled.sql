-- Source:  POST /order/202309/orders/search, order_status CANCELLED
-- Grain:   one row per order that was paid and then cancelled; returns are another list
-- Units:   decimal text in payment.currency: all that was paid, on the day the order became CANCELLED
-- table:   refund
-- covers:  done_at
-- columns: id id! AS order_id, status text!, paid_time unix_s, cancel_time unix_s, update_time utc_s!, payment.currency text!, payment.total_amount money!, cancel_reason text
-- ignored: payment.*, line_items*, user_id, create_time, order_type, commerce_platform, fulfillment_*, shipping_*, delivery_*, payment_method_name, is_*, has_*, cancel_*,
--          cancellation_initiator, request_cancel_time, collection_*, rts_*, tts_*, fast_*, release_date, recommended_shipping_time, pick_up_cut_off_time, packages*,
--          warehouse_id, split_or_combine_tag, need_upload_invoice, replaced_order_id, exchange_source_order_id, order_rights*, auto_combine_group_id,
--          consultation_id, handling_duration*, seller_note
SELECT _row, $account AS account, 'cancel-' || order_id AS refund_id, order_id, cancel_time AS applied_at, cancel_time AS done_at, currency,
       total_amount AS applied_amount, total_amount AS amount, true AS is_done, '取消订单' AS kind, cancel_reason AS reason, status AS status_raw,
       update_time AS updated_at, 40 AS status_rank
FROM raw WHERE status = 'CANCELLED' AND paid_time IS NOT NULL
