-- Source:  pdd.order.list.get, pdd.order.number.list.increment.get
-- Grain:   one row per order
-- Units:   yuan text. Sales are pay_amount (what the buyer pays), on the day of trade (成交时间), as in the export file. Sales are before
--          refunds. A failed group is no sale; a deposit order is one when its balance is paid; a lottery order (is_lucky_flag 2) is flagged
--          as a gift, which no metric counts.
-- table:   order_head
-- columns: order_sn id! AS order_id, order_status text! AS sent, confirm_status text! AS traded, group_status text! AS grouped, created_time at! AS created_at,
--          confirm_time at! AS traded_at, receive_time at AS received_at, updated_at at!, pay_amount money!, postage money AS freight,
--          seller_discount money, platform_discount money, is_lucky_flag text AS lucky, trade_type text, is_pre_sale text,
--          step_order_info.step_trade_status text AS step, remark text, item_list json! AS items
-- ignored: refund_status, after_sales_status, pay_time, shipping_time, goods_amount, discount_amount, capital_free_discount, order_change_amount, pay_type,
--          cat_id_*, step_order_info.*, order_depot_info, order_depot_info.*, item_list.*, logistics_id, last_ship_time, pre_sale_time, yyps_*, shipping_type,
--          invoice_status, is_stock_out, stock_out_handle_status, self_contained, risk_control_status, free_sf, home_delivery_type, delivery_*, home_install_value,
--          return_freight_payer, only_support_replace, support_nationwide_warranty
WITH orders AS (
    SELECT *, grouped = '2' OR coalesce(step, '2') IN ('0', '1') AS is_open,
           CASE WHEN traded = '2' OR grouped = '2' THEN 50 WHEN traded_at IS NULL OR coalesce(step, '2') IN ('0', '1') THEN 10
                WHEN sent = '3' THEN 40 WHEN sent = '2' THEN 30 ELSE 20 END AS state,
           CASE WHEN NOT is_open THEN traded_at END AS paid_at
    FROM raw)
SELECT _row, $account AS account, order_id,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       concat_ws('/', traded, grouped, sent) AS status_raw, created_at, paid_at, CASE WHEN state = 40 THEN received_at END AS done_at, $currency AS currency,
       pay_amount AS placed_amount, CASE WHEN paid_at IS NOT NULL THEN pay_amount END AS paid_amount, freight, seller_discount, platform_discount,
       list_sum(list_transform(from_json(items, '[{"goods_count":"BIGINT"}]'), lambda i : i.goods_count)) AS units,
       regexp_matches(coalesce(remark, ''), $note_pattern) AS is_brush, coalesce(lucky = '2', false) AS is_gift,
       coalesce(trade_type = '1' OR is_pre_sale = '1', false) AS is_presale, updated_at, state AS status_rank
FROM orders
