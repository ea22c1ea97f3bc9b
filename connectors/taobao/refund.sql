-- Source:  taobao.refunds.receive.get
-- Grain:   one row per refund case; it counts when its status is SUCCESS, on the day it became so
-- Units:   yuan. refund_fee is what goes back to the buyer, payment what the seller keeps. The platform gives no time of completion: it is
--          `modified` of the first answer that says SUCCESS. A case touched later must not move to another day, so of finished versions the
--          earliest wins: their updated_at runs backwards, above every open version's.
-- table:   refund
-- covers:  done_at
-- columns: refund_id id!, tid id! AS order_id, oid id AS line_id, status text!, refund_fee money!, created at!, modified at!, has_good_return flag, reason text
-- ignored: total_fee, payment, order_status, good_status, num, refund_phase, refund_version, dispute_type, outer_id
SELECT _row, $account AS account, refund_id, order_id, line_id, created AS applied_at, CASE WHEN status = 'SUCCESS' THEN modified END AS done_at,
       $currency AS currency, refund_fee AS applied_amount, CASE WHEN status = 'SUCCESS' THEN refund_fee END AS amount, status = 'SUCCESS' AS is_done,
       CASE WHEN has_good_return THEN '退货退款' WHEN NOT has_good_return THEN '仅退款' END AS kind, reason, status AS status_raw,
       CASE WHEN status = 'SUCCESS' THEN TIMESTAMP '2200-01-01' + (TIMESTAMP '2200-01-01' - modified) ELSE modified END AS updated_at,
       CASE status WHEN 'SUCCESS' THEN 40 WHEN 'CLOSED' THEN 30 ELSE 10 END AS status_rank
FROM raw
