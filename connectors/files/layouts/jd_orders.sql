-- Source: JD order export (30 columns; one row per order and SKU).
-- Grain:  one row per order; 订单金额 repeats on every row of an order and is taken once.
-- Units:  CNY. (删除)等待付款 is an order never paid; an order without a confirmed payment is unpaid unless it is finished
--         (cash on delivery).
WITH orders AS (
    SELECT min(_row) AS _row,
           "订单号" AS order_id,
           arg_min("下单帐号", _row) AS buyer,
           arg_min("订单状态", _row) AS status_raw,
           min("下单时间") AS created_at,
           min("付款确认时间") AS confirmed_at,
           max("订单完成时间") AS finished_at,
           arg_min("订单金额", _row) AS amount,
           arg_min("运费金额", _row) AS freight,
           sum("订购数量") AS units,
           bool_or(regexp_matches(coalesce("商家备注", ''), $note_pattern)) AS is_brush
    FROM raw
    GROUP BY "订单号"),
states AS (
    SELECT *,
           CASE WHEN status_raw LIKE '%等待付款%' OR status_raw LIKE '%未付款%' THEN 10
                WHEN status_raw LIKE '%取消%' OR status_raw LIKE '(删除)%' OR status_raw LIKE '%锁定%' OR status_raw LIKE '%关闭%' THEN 50
                WHEN status_raw LIKE '%完成%' THEN 40
                WHEN status_raw LIKE '%确认收货%' OR status_raw LIKE '%已出库%' OR status_raw LIKE '%已发货%' THEN 30
                WHEN confirmed_at IS NULL THEN 10 ELSE 20 END AS state,
           CASE WHEN state > 10 THEN coalesce(confirmed_at, CASE WHEN state = 40 THEN finished_at END) END AS paid_at
    FROM orders)
SELECT _row, order_id, buyer,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       status_raw, created_at, paid_at,
       CASE WHEN state = 40 THEN finished_at END AS done_at,
       $currency AS currency,
       amount AS placed_amount,
       CASE WHEN paid_at IS NOT NULL THEN amount END AS paid_amount,
       freight, units, is_brush,
       state AS status_rank
FROM states
