-- Source:  open.order.cursor.list
-- Grain:   one row per order
-- Units:   the account's option money_unit (fen or yuan) on the wire, CNY here. Sales are totalFee, the platform's total of the goods; freight
--          beside it; whose discount discountFee is, is not stated.
--          Sales are before refunds: an order that was paid stays a sale of its paid day when it is closed later
-- table:   order_head
-- columns: orderBaseInfo.oid id! AS order_id, orderBaseInfo.status text! AS state, orderBaseInfo.createTime unix_ms! AS created_at,
--          orderBaseInfo.payTime unix_ms AS paid_at, orderBaseInfo.updateTime unix_ms! AS updated_at, orderBaseInfo.totalFee number! AS total,
--          orderBaseInfo.expressFee number AS express, orderBaseInfo.buyerOpenId text AS buyer,
--          orderItemInfo.num count AS units, orderCpsInfo.distributorId id AS host_id, orderCpsInfo.distributorName text AS host_name
-- ignored: orderBaseInfo.*, orderItemInfo.*, orderRefundList, orderRefundList.*, orderCpsInfo.*
WITH orders AS (
    SELECT *, CASE $option_money_unit WHEN 'fen' THEN 0.01 WHEN 'yuan' THEN 1 END AS unit,
           CASE state WHEN '10' THEN 10 WHEN '30' THEN 20 WHEN '40' THEN 30 WHEN '50' THEN 35 WHEN '70' THEN 40 WHEN '80' THEN 50
                ELSE CASE WHEN paid_at IS NULL THEN 10 ELSE 20 END END AS rank
    FROM raw)
SELECT _row, $account AS account, order_id, buyer,
       CASE WHEN rank = 10 THEN 'unpaid' WHEN rank = 20 THEN 'paid' WHEN rank < 40 THEN 'shipped' WHEN rank = 40 THEN 'done' ELSE 'closed' END AS status,
       state AS status_raw, created_at, paid_at, $currency AS currency, total * unit AS placed_amount,
       CASE WHEN paid_at IS NOT NULL THEN total * unit END AS paid_amount, express * unit AS freight, units,
       '' AS channel, CASE WHEN host_id <> '0' THEN nullif(host_name, '') END AS host, updated_at, rank AS status_rank
FROM orders
