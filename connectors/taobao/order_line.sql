-- Source:  taobao.trades.sold.get, taobao.trades.sold.increment.get, orders.order
-- Grain:   one row per sub-order (子订单); of a trade with one line its oid is the trade's tid
-- Units:   yuan; paid_amount is divide_order_fee, which a refund does not change
-- table:   order_line
-- each:    orders.order
-- columns: ^tid id! AS order_id, oid id! AS line_id, status text!, ^status text! AS trade_status, ^created at!, ^pay_time at, ^modified at!, num_iid id,
--          sku_id id, title text, price money, num count!, divide_order_fee money!, ^step_trade_status text
-- ignored: type, num, payment, total_fee, discount_fee, adjust_fee, post_fee, received_payment, end_time, step_paid_fee, buyer_open_uid, orders.order.*
WITH lines AS (
    SELECT *, CASE status WHEN 'WAIT_BUYER_PAY' THEN 10 WHEN 'WAIT_SELLER_SEND_GOODS' THEN 20 WHEN 'SELLER_CONSIGNED_PART' THEN 25
                   WHEN 'WAIT_BUYER_CONFIRM_GOODS' THEN 30 WHEN 'TRADE_FINISHED' THEN 40 WHEN 'TRADE_CLOSED' THEN 50 WHEN 'TRADE_CLOSED_BY_TAOBAO' THEN 50
                   ELSE CASE WHEN pay_time IS NULL THEN 10 ELSE 20 END END AS state,
           CASE WHEN trade_status <> 'WAIT_BUYER_PAY' THEN pay_time END AS paid
    FROM raw)
SELECT _row, $account AS account, order_id, line_id, num_iid AS item_id, sku_id, title,
       CASE WHEN state = 10 THEN 'unpaid' WHEN state < 30 THEN 'paid' WHEN state = 30 THEN 'shipped' WHEN state = 40 THEN 'done' ELSE 'closed' END AS status,
       status AS status_raw, created AS created_at, paid AS paid_at, $currency AS currency, num AS units, price AS list_price,
       divide_order_fee AS placed_amount, CASE WHEN paid IS NOT NULL THEN divide_order_fee END AS paid_amount, '' AS channel,
       step_trade_status IS NOT NULL AS is_presale, modified AS updated_at, state AS status_rank
FROM lines
