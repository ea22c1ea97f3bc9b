-- Source:  taobao.trades.sold.get, taobao.trades.sold.increment.get
-- Grain:   one row per trade (主订单)
-- Units:   yuan. Sales are the lines' divide_order_fee (what was really paid for each, discounts spread): the trade's own payment is restated
--          when money goes back, so it counts only while nothing was paid. Freight stands beside. A trade closed after payment stays a sale
--          of its paid day; the money given back is a row of refund.sql. A deposit alone (WAIT_BUYER_PAY) is no sale.
-- table:   order_head
-- columns: tid id!, status text!, created at!, pay_time at, modified at!, end_time at, payment money!, post_fee money, step_trade_status text,
--          buyer_open_uid text, orders.order json! AS lines
-- ignored: type, num, total_fee, discount_fee, adjust_fee, received_payment, step_paid_fee, orders.order.*
WITH trades AS (
    SELECT *, CASE status WHEN 'WAIT_BUYER_PAY' THEN 10 WHEN 'WAIT_SELLER_SEND_GOODS' THEN 20 WHEN 'SELLER_CONSIGNED_PART' THEN 25
                   WHEN 'WAIT_BUYER_CONFIRM_GOODS' THEN 30 WHEN 'TRADE_FINISHED' THEN 40 WHEN 'TRADE_CLOSED' THEN 50 WHEN 'TRADE_CLOSED_BY_TAOBAO' THEN 50
                   ELSE CASE WHEN pay_time IS NULL THEN 10 ELSE 20 END END AS state,
           CASE WHEN status <> 'WAIT_BUYER_PAY' THEN pay_time END AS paid,
           from_json(lines, '[{"num":"BIGINT","divide_order_fee":"DECIMAL(18,4)"}]') AS parts
    FROM raw),
sums AS (
    SELECT *, CASE WHEN len(list_filter(parts, lambda l : l.divide_order_fee IS NULL)) = 0
                   THEN list_sum(list_transform(parts, lambda l : l.divide_order_fee)) END AS fees
    FROM trades)
SELECT _row, $account AS account, tid AS order_id, buyer_open_uid AS buyer,
       CASE WHEN state = 10 THEN 'unpaid' WHEN state < 30 THEN 'paid' WHEN state = 30 THEN 'shipped' WHEN state = 40 THEN 'done' ELSE 'closed' END AS status,
       status AS status_raw, created AS created_at, paid AS paid_at, CASE WHEN state = 40 THEN end_time END AS done_at, $currency AS currency,
       coalesce(fees, CASE WHEN paid IS NULL THEN payment END) AS placed_amount, CASE WHEN paid IS NOT NULL THEN fees END AS paid_amount,
       post_fee AS freight, list_sum(list_transform(parts, lambda l : l.num)) AS units, '' AS channel, step_trade_status IS NOT NULL AS is_presale,
       modified AS updated_at, state AS status_rank
FROM sums
