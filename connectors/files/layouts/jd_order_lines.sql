-- Source: JD order export, the same rows as jd_orders.sql.
-- Grain:  one row per order and SKU; a SKU that stands twice in an order is one line.
-- Units:  CNY. The file states no amount per line: 订单金额 is shared out by 京东价 x 订购数量, rounded to the fen, and the
--         rest goes to the first line, so the lines of an order add up to it exactly.
WITH lines AS (
    SELECT min(_row) AS _row, "订单号" AS order_id, "商品ID" AS item_id,
           arg_min("货号", _row) AS code, arg_min("商品名称", _row) AS title,
           arg_min("订单状态", _row) AS status_raw, arg_min("订单金额", _row) AS amount,
           min("下单时间") AS created_at, min("付款确认时间") AS confirmed_at, max("订单完成时间") AS finished_at,
           sum("订购数量") AS units, arg_min("京东价", _row) AS list_price,
           sum("订购数量" * "京东价") AS worth,
           bool_or(regexp_matches(coalesce("商家备注", ''), $note_pattern)) AS is_brush
    FROM raw
    GROUP BY "订单号", "商品ID"),
shares AS (
    SELECT *,
           CAST(round(amount * worth / nullif(sum(worth) OVER per_order, 0), 2) AS DECIMAL(18, 4)) AS share,
           row_number() OVER (PARTITION BY order_id ORDER BY _row) AS line_no,
           CASE WHEN status_raw LIKE '%等待付款%' OR status_raw LIKE '%未付款%' THEN 10
                WHEN status_raw LIKE '%取消%' OR status_raw LIKE '(删除)%' OR status_raw LIKE '%锁定%' OR status_raw LIKE '%关闭%' THEN 50
                WHEN status_raw LIKE '%完成%' THEN 40
                WHEN status_raw LIKE '%确认收货%' OR status_raw LIKE '%已出库%' OR status_raw LIKE '%已发货%' THEN 30
                WHEN confirmed_at IS NULL THEN 10 ELSE 20 END AS state,
           CASE WHEN state > 10 THEN coalesce(confirmed_at, CASE WHEN state = 40 THEN finished_at END) END AS paid_at
    FROM lines
    WINDOW per_order AS (PARTITION BY order_id)),
settled AS (
    SELECT *, CASE WHEN line_no = 1 THEN amount - (sum(share) OVER (PARTITION BY order_id) - share) ELSE share END AS line_amount
    FROM shares)
SELECT _row, order_id, item_id AS line_id, item_id, item_id AS sku_id, code AS sku_code, title,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       status_raw,
       min(created_at) OVER (PARTITION BY order_id) AS created_at,
       min(paid_at) OVER (PARTITION BY order_id) AS paid_at,
       $currency AS currency,
       units, list_price,
       line_amount AS placed_amount,
       CASE WHEN paid_at IS NOT NULL THEN line_amount END AS paid_amount,
       is_brush,
       state AS status_rank
FROM settled
