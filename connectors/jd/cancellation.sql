-- Source:  jingdong.pop.afs.soa.refundapply.queryPageList
-- Grain:   one row per request to cancel an order before it was shipped
-- Units:   fen (applyRefundSum, what was asked for). JD publishes no amount, state or time of the money itself: the finance department's yes
--          (status 3) is not a payment, so no request is ever counted as done.
-- table:   refund
-- covers:  applied_at
-- columns: id id! AS refund_id, orderId id! AS order_id, applyRefundSum fen! AS applied_amount, applyTime at! AS applied_at, checkTime at AS checked_at,
--          modified at AS changed_at, status text! AS status_raw, reason text
-- ignored: systemId, storeId
SELECT _row, $account AS account, refund_id, order_id, applied_at, $currency AS currency, applied_amount, false AS is_done, '取消订单' AS kind, reason,
       status_raw, coalesce(greatest(changed_at, checked_at), applied_at) AS updated_at, CASE status_raw WHEN '0' THEN 10 ELSE 20 END AS status_rank
FROM raw
