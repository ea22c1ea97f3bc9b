-- Source:  open.seller.order.refund.pcursor.list
-- Grain:   one row per after-sales case; money went back when its status is 60 and it is no exchange (handlingWay 3), on the day it ended
--          (its last change where no end is given)
-- Units:   the account's option money_unit (fen or yuan) on the wire, CNY here; refundFee is what the shop gives back, subsidies included
-- table:   refund
-- covers:  done_at
-- columns: refundId id! AS refund_id, oid id! AS order_id, itemId id AS item_id, handlingWay text! AS way, status text! AS state, refundFee number! AS fee,
--          createTime unix_ms! AS created_at, submitTime unix_ms AS submitted_at, updateTime unix_ms! AS updated_at, endTime unix_ms AS ended_at
-- ignored: skuId, relItemId, relSkuId, sellerId, skuNick, refundType, refundReason, refundReasonDesc, receiptStatus, negotiate*, logisticsId, urgeTimes,
--          requireReturnFreight, expireTime
WITH cases AS (
    SELECT *, state = '60' AND way <> '3' AS is_paid, fee * CASE $option_money_unit WHEN 'fen' THEN 0.01 WHEN 'yuan' THEN 1 END AS money FROM raw)
SELECT _row, $account AS account, refund_id, order_id, order_id AS line_id, item_id, coalesce(submitted_at, created_at) AS applied_at,
       CASE WHEN is_paid THEN coalesce(ended_at, updated_at) END AS done_at, $currency AS currency, money AS applied_amount,
       CASE WHEN is_paid THEN money END AS amount, is_paid AS is_done,
       CASE way WHEN '1' THEN '退货退款' WHEN '10' THEN '仅退款' WHEN '3' THEN '换货' ELSE way END AS kind, state AS status_raw, updated_at,
       CASE state WHEN '60' THEN 40 WHEN '70' THEN 30 WHEN '50' THEN 20 ELSE 10 END AS status_rank
FROM cases
