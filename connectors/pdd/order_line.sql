-- Source:  pdd.order.list.get, pdd.order.number.list.increment.get, item_list
-- Grain:   one row per order and SKU (an order of this platform mostly holds one)
-- Units:   yuan text. No amount per line is given: pay_amount is shared out by goods_price x goods_count, rounded to the fen, and the rest goes
--          to the first line. The list says only that a refund succeeded (refund_status 4): the line's whole amount is taken then.
-- table:   order_line
-- each:    item_list
-- columns: ^order_sn id! AS order_id, ^order_status text! AS sent, ^confirm_status text! AS traded, ^group_status text! AS grouped, ^created_time at! AS created_at,
--          ^confirm_time at! AS traded_at, ^updated_at at! AS changed_at, ^pay_amount money! AS paid, ^refund_status text AS refunded, ^is_lucky_flag text AS lucky,
--          ^trade_type text AS trade_type, ^is_pre_sale text AS is_pre_sale, ^step_order_info.step_trade_status text AS step, ^remark text AS remark,
--          goods_id id! AS item_id, sku_id id! AS sku_id, outer_id text AS sku_code, goods_name text AS title, goods_price money! AS list_price,
--          goods_count count! AS units
-- ignored: item_list.*
WITH lines AS (
    SELECT _row, sku_id, any_value(COLUMNS(* EXCLUDE (_row, sku_id, list_price, units))), max(list_price) AS list_price, sum(units) AS units,
           sum(units * list_price) AS worth
    FROM raw GROUP BY _row, sku_id),
shares AS (
    SELECT *, worth / nullif(sum(worth) OVER (PARTITION BY _row), 0) AS part, row_number() OVER (PARTITION BY _row ORDER BY worth DESC, sku_id) AS line_no,
           CASE WHEN traded = '2' OR grouped = '2' THEN 50 WHEN traded_at IS NULL OR coalesce(step, '2') IN ('0', '1') THEN 10
                WHEN sent = '3' THEN 40 WHEN sent = '2' THEN 30 ELSE 20 END AS state,
           CASE WHEN NOT (grouped = '2' OR coalesce(step, '2') IN ('0', '1')) THEN traded_at END AS paid_at
    FROM lines),
rounded AS (SELECT *, CASE WHEN line_no > 1 THEN coalesce(round(paid * part, 2), 0)::DECIMAL(18, 4) END AS share FROM shares),
settled AS (SELECT *, coalesce(share, paid - coalesce(sum(share) OVER (PARTITION BY _row), 0)) AS amount FROM rounded)
SELECT _row, $account AS account, order_id, sku_id AS line_id, item_id, sku_id, nullif(sku_code, '') AS sku_code, title,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       concat_ws('/', traded, grouped, sent) AS status_raw, created_at, paid_at, $currency AS currency, units, list_price, amount AS placed_amount,
       CASE WHEN paid_at IS NOT NULL THEN amount END AS paid_amount,
       CASE WHEN paid_at IS NOT NULL THEN CASE WHEN refunded = '4' THEN amount ELSE 0 END END AS refund_amount,
       regexp_matches(coalesce(remark, ''), $note_pattern) AS is_brush, coalesce(lucky = '2', false) AS is_gift,
       coalesce(trade_type = '1' OR is_pre_sale = '1', false) AS is_presale, changed_at AS updated_at, state AS status_rank
FROM settled
