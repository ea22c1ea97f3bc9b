-- Source:  POST /order/202309/orders/search
-- Grain:   one row per order
-- Units:   decimal text in payment.currency. total_amount is what the buyer pays: goods after all discounts, freight, taxes.
--          Sales are before refunds: an order that was paid stays a sale of its paid day when it is cancelled later (cancelled.sql).
--          Samples and replacements are kept as gifts, out of every metric.
-- table:   order_head
-- columns: id id! AS order_id, status text!, order_type text, create_time unix_s!, paid_time unix_s, delivery_time unix_s, update_time utc_s!, user_id text,
--          is_sample_order flag, is_replacement_order flag, payment.currency text!, payment.total_amount money!, payment.shipping_fee money,
--          payment.seller_discount money, payment.platform_discount money, seller_note text, line_items json!
-- ignored: payment.*, line_items.*, commerce_platform, fulfillment_*, shipping_*, delivery_*, payment_method_name, is_*, has_*, cancel_*, cancellation_initiator,
--          request_cancel_time, collection_*, rts_*, tts_*, fast_*, release_date, recommended_shipping_time, pick_up_cut_off_time, packages*, warehouse_id,
--          split_or_combine_tag, need_upload_invoice, replaced_order_id, exchange_source_order_id, order_rights*, auto_combine_group_id, consultation_id, handling_duration*
WITH orders AS (
    SELECT *, CASE status WHEN 'UNPAID' THEN 10 WHEN 'ON_HOLD' THEN 15 WHEN 'AWAITING_SHIPMENT' THEN 20 WHEN 'PARTIALLY_SHIPPING' THEN 25
                          WHEN 'AWAITING_COLLECTION' THEN 26 WHEN 'IN_TRANSIT' THEN 30 WHEN 'DELIVERED' THEN 38 WHEN 'COMPLETED' THEN 40
                          WHEN 'CANCELLED' THEN 50 ELSE CASE WHEN paid_time IS NULL THEN 10 ELSE 20 END END AS state
    FROM raw)
SELECT _row, $account AS account, order_id, user_id AS buyer,
       CASE WHEN state = 50 THEN 'closed' WHEN state >= 38 THEN 'done' WHEN state IN (25, 30) THEN 'shipped' WHEN paid_time IS NULL THEN 'unpaid' ELSE 'paid' END AS status,
       status AS status_raw, create_time AS created_at, paid_time AS paid_at, CASE WHEN state IN (38, 40) THEN delivery_time END AS done_at,
       currency, total_amount AS placed_amount, CASE WHEN paid_time IS NOT NULL THEN total_amount END AS paid_amount,
       shipping_fee AS freight, seller_discount, platform_discount,
       len(list_filter(from_json(line_items, '[{"is_gift":"BOOLEAN"}]'), lambda l : NOT coalesce(l.is_gift, false))) AS units,
       coalesce(is_sample_order, false) OR coalesce(is_replacement_order, false) AS is_gift, order_type = 'PRE_ORDER' AS is_presale,
       regexp_matches(coalesce(seller_note, ''), $note_pattern) AS is_brush, update_time AS updated_at, state AS status_rank
FROM orders
