-- Source:  order.searchList, sku_order_list
-- Grain:   one row per line (SKU) of an order
-- Units:   fen on the wire, CNY here; free gifts (given_product_type FREE) are kept and out of every metric
-- table:   order_line
-- each:    sku_order_list
-- columns: ^order_id id!, order_id id! AS line_id, order_status text!, create_time unix_s!, pay_time unix_s, update_time unix_s!, pay_amount fen!,
--          origin_amount fen, sum_amount fen, item_num count!, product_id_str id, product_id id, product_name text, sku_id id, out_product_id text,
--          theme_type text, c_biz text, author_id text, author_name text, room_id_str text, given_product_type text,
--          after_sale_info.refund_status text AS after_sale_info_refund_status
-- ignored: parent_order_id, order_status_desc, main_status, finish_time, order_amount, promotion_*, shop_cost_amount, platform_cost_amount,
--          sku_order_list.*
WITH lines AS (
    SELECT *, CASE order_status WHEN '1' THEN 10 WHEN '105' THEN 20 WHEN '2' THEN 20 WHEN '101' THEN 25 WHEN '3' THEN 30 WHEN '5' THEN 40 WHEN '4' THEN 50
                   ELSE CASE WHEN pay_time IS NULL THEN 10 ELSE 20 END END AS state
    FROM raw)
SELECT _row, $account AS account, order_id, line_id, coalesce(product_id_str, product_id) AS item_id, sku_id, nullif(out_product_id, '') AS sku_code,
       product_name AS title,
       CASE WHEN state = 10 THEN 'unpaid' WHEN state < 30 THEN 'paid' WHEN state = 30 THEN 'shipped' WHEN state = 40 THEN 'done' ELSE 'closed' END AS status,
       order_status AS status_raw, create_time AS created_at, pay_time AS paid_at, $currency AS currency,
       item_num AS units, origin_amount AS list_price, pay_amount AS placed_amount,
       CASE WHEN pay_time IS NOT NULL THEN pay_amount END AS paid_amount,
       CASE WHEN after_sale_info_refund_status = '3' THEN pay_amount END AS refund_amount,
       CASE WHEN theme_type = '1' THEN CASE WHEN c_biz = '2' THEN 'live_host' ELSE 'live_own' END WHEN theme_type IS NULL THEN '' ELSE 'other' END AS channel,
       CASE WHEN c_biz = '2' THEN nullif(author_name, '') END AS host, given_product_type = 'FREE' AS is_gift,
       update_time AS updated_at, state AS status_rank
FROM lines
