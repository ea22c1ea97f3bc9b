-- Source:  open.order.cursor.list, orderItemInfo
-- Grain:   one row per order, which holds one item: its line bears the order's id
-- Units:   item prices are fen; the line's amount is the order's totalFee, in the account's option money_unit; CNY here
-- table:   order_line
-- columns: orderBaseInfo.oid id! AS order_id, orderBaseInfo.status text! AS state, orderBaseInfo.createTime unix_ms! AS created_at,
--          orderBaseInfo.payTime unix_ms AS paid_at, orderBaseInfo.updateTime unix_ms! AS updated_at, orderBaseInfo.totalFee number! AS total,
--          orderItemInfo.itemId id! AS item_id, orderItemInfo.skuId id AS sku_id, orderItemInfo.itemTitle text AS title, orderItemInfo.num count! AS units,
--          orderItemInfo.originalPrice fen AS list_price, orderCpsInfo.distributorId id AS host_id, orderCpsInfo.distributorName text AS host_name
-- ignored: orderBaseInfo.*, orderItemInfo.*, orderRefundList, orderRefundList.*, orderCpsInfo.*
WITH lines AS (
    SELECT *, CASE $option_money_unit WHEN 'fen' THEN 0.01 WHEN 'yuan' THEN 1 END AS unit,
           CASE state WHEN '10' THEN 10 WHEN '30' THEN 20 WHEN '40' THEN 30 WHEN '50' THEN 35 WHEN '70' THEN 40 WHEN '80' THEN 50
                ELSE CASE WHEN paid_at IS NULL THEN 10 ELSE 20 END END AS rank
    FROM raw)
SELECT _row, $account AS account, order_id, order_id AS line_id, item_id, sku_id, title,
       CASE WHEN rank = 10 THEN 'unpaid' WHEN rank = 20 THEN 'paid' WHEN rank < 40 THEN 'shipped' WHEN rank = 40 THEN 'done' ELSE 'closed' END AS status,
       state AS status_raw, created_at, paid_at, $currency AS currency, units, list_price, total * unit AS placed_amount,
       CASE WHEN paid_at IS NOT NULL THEN total * unit END AS paid_amount, '' AS channel,
       CASE WHEN host_id <> '0' THEN nullif(host_name, '') END AS host, updated_at, rank AS status_rank
FROM lines
