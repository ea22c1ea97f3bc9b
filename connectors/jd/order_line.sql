-- Source:  jingdong.pop.order.enSearch, itemInfoList
-- Grain:   one row per order and SKU; a SKU that stands twice in an order is one line
-- Units:   yuan text. No amount per line is given: shouldPay and actualPay are shared out by jdPrice x itemTotal, rounded to the fen, and the
--          rest goes to the first line, so the lines of an order add up to it exactly.
-- table:   order_line
-- each:    itemInfoList
-- columns: ^orderId id! AS order_id, ^orderState text! AS state_text, ^orderStartTime at! AS created_at, ^paymentConfirmTime at AS confirmed_at,
--          ^orderEndTime at AS ended_at, ^modified at! AS updated_at, ^actualPay money! AS paid, ^shouldPay money! AS due, skuId id! AS sku_id,
--          skuName text AS title, outerSkuId text AS sku_code, jdPrice money! AS list_price, itemTotal count! AS units
-- ignored: itemInfoList.*
WITH lines AS (
    SELECT _row, sku_id, any_value(order_id) AS order_id, any_value(state_text) AS state_text, any_value(created_at) AS created_at,
           any_value(confirmed_at) AS confirmed_at, any_value(ended_at) AS ended_at, any_value(updated_at) AS updated_at, any_value(due) AS due,
           any_value(paid) AS paid, any_value(title) AS title, any_value(sku_code) AS sku_code, max(list_price) AS list_price,
           sum(units) AS units, sum(units * list_price) AS worth
    FROM raw GROUP BY _row, sku_id),
shares AS (
    SELECT *, worth / nullif(sum(worth) OVER (PARTITION BY _row), 0) AS part, row_number() OVER (PARTITION BY _row ORDER BY worth DESC, sku_id) AS line_no,
           coalesce(confirmed_at, CASE WHEN state_text = 'FINISHED_L' THEN ended_at END) AS paid_at,
           CASE state_text WHEN 'TRADE_CANCELED' THEN 50 WHEN 'FINISHED_L' THEN 40 WHEN 'WAIT_GOODS_RECEIVE_CONFIRM' THEN 30
                ELSE CASE WHEN confirmed_at IS NULL THEN 10 ELSE 20 END END AS state
    FROM lines),
rounded AS (
    SELECT *, CASE WHEN line_no > 1 THEN coalesce(round(due * part, 2), 0)::DECIMAL(18, 4) END AS due_part,
           CASE WHEN line_no > 1 THEN coalesce(round(paid * part, 2), 0)::DECIMAL(18, 4) END AS paid_part
    FROM shares)
SELECT _row, $account AS account, order_id, sku_id AS line_id, sku_id AS item_id, sku_id, nullif(sku_code, '') AS sku_code, title,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       state_text AS status_raw, created_at, paid_at, $currency AS currency, units, list_price,
       coalesce(due_part, due - coalesce(sum(due_part) OVER (PARTITION BY _row), 0)) AS placed_amount,
       CASE WHEN paid_at IS NOT NULL THEN coalesce(paid_part, paid - coalesce(sum(paid_part) OVER (PARTITION BY _row), 0)) END AS paid_amount,
       updated_at, state AS status_rank
FROM rounded
