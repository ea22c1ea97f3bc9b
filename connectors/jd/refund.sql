-- Source:  jingdong.asc.serviceAndRefund.view; amounts by jingdong.b2c.shop.aftersales.refund.get, unless the option refund_unit is set
-- Grain:   one row per after-sales bill: the detail states the total of a bill, and how often one is paid in parts is not published
-- Units:   yuan (actualRefundAmount). refoundAmount (sic) has no published unit and is read only in the one that refund_unit states.
--          Status 13 is paid back, on completeTime; 14 failed.
-- table:   refund
-- covers:  done_at
-- columns: afsRefundId id AS part_id, refoundAmount money AS given, sameOrderServiceBill.serviceId id! AS bill, sameOrderServiceBill.orderId id! AS order_no,
--          sameOrderServiceBill.wareId id AS ware, sameOrderServiceBill.afsApplyTime at! AS applied, sameOrderServiceBill.applyReason text AS why,
--          status text! AS state, completeTime at AS completed, detail.afsActualRefundDetail.actualRefundAmount money AS paid_back
-- ignored: sameOrderServiceBill.*, detail.*
WITH parts AS (SELECT * FROM raw QUALIFY row_number() OVER (PARTITION BY bill, part_id ORDER BY _row DESC) = 1)
SELECT min(_row) AS _row, $account AS account, bill AS refund_id, any_value(order_no) AS order_id, any_value(ware) AS item_id, min(applied) AS applied_at,
       max(completed) FILTER (state = '13') AS done_at, $currency AS currency,
       coalesce(max(paid_back) FILTER (state = '13'),
                sum(given * CASE $option_refund_unit WHEN 'fen' THEN 0.01 WHEN 'yuan' THEN 1.00 END) FILTER (state = '13')) AS amount,
       bool_or(state = '13') AS is_done, '售后' AS kind, any_value(why) AS reason, max_by(state, _row) AS status_raw,
       coalesce(max(completed), min(applied)) AS updated_at,
       max(CASE state WHEN '13' THEN 40 WHEN '14' THEN 30 ELSE 10 END) AS status_rank
FROM parts GROUP BY bill
