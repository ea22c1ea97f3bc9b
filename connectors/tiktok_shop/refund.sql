-- Source:  POST /return_refund/202309/returns/search
-- Grain:   one row per return or refund case; it counts when the buyer has been refunded
-- Units:   decimal text in refund_amount.currency. The day the money went back is not stated: the day of the last change of a case that is complete.
--          A replacement that is complete gave back goods, not money.
-- table:   refund
-- covers:  done_at
-- columns: return_id id! AS refund_id, order_id id!, return_type text, return_status text!, return_reason_text text, create_time unix_s!, update_time unix_s,
--          create_time utc_s AS created_utc, update_time utc_s AS changed_utc, refund_amount.refund_total money AS total, refund_amount.currency text AS currency, return_line_items json
-- ignored: refund_amount.*, return_line_items.*, role, arbitration_status, buyer_rejected_partial_refund, can_buyer_keep_item, combined_return_id, discount_amount*,
--          handover_method, is_combined_return, next_return_id, pre_return_id, partial_refund*, return_method, return_provider_*, return_reason,
--          return_shipping_document_type, seller_*, shipment_type, shipping_fee_amount*
WITH cases AS (
    SELECT *, from_json(return_line_items, '[{"order_line_item_id":"VARCHAR"}]') AS lines,
           return_status IN ('RETURN_OR_REFUND_REQUEST_COMPLETE', 'REPLACEMENT_REQUEST_REFUND_SUCCESS') AS is_done
    FROM raw)
SELECT _row, $account AS account, refund_id, order_id, CASE WHEN len(lines) = 1 THEN lines[1].order_line_item_id END AS line_id,
       create_time AS applied_at, CASE WHEN is_done THEN update_time END AS done_at, coalesce(currency, $currency) AS currency,
       total AS applied_amount, CASE WHEN is_done THEN total END AS amount, is_done,
       CASE return_type WHEN 'REFUND' THEN '仅退款' WHEN 'RETURN_AND_REFUND' THEN '退货退款' WHEN 'REPLACEMENT' THEN '换货' ELSE return_type END AS kind,
       return_reason_text AS reason, return_status AS status_raw, coalesce(changed_utc, created_utc) AS updated_at,
       CASE WHEN is_done THEN 40 WHEN regexp_matches(return_status, '_(REJECT|CANCEL|COMPLETE)$') THEN 30 WHEN return_status LIKE '%\_SUCCESS' ESCAPE '\' THEN 20
            ELSE 10 END AS status_rank
FROM cases
