-- Source:  order.searchList
-- Grain:   one row per shop order
-- Units:   fen on the wire, CNY here. Sales are pay_amount (what the buyer pays); what the platform adds stands in platform_discount.
--          Sales are before refunds: an order that was paid stays a sale of its paid day when it is cancelled later; the money
--          given back is a row of refund.sql. (The export file cannot tell, so there a closed order is no sale.)
-- table:   order_head
-- columns: order_id id!, order_status text!, create_time unix_s!, pay_time unix_s, finish_time unix_s, update_time unix_s!, pay_amount fen!,
--          order_amount fen, post_amount fen, shop_cost_amount fen, platform_cost_amount fen, author_cost_amount fen, doudian_open_id text,
--          sku_order_list json!
-- ignored: shop_id, shop_name, main_status, promotion_*, total_promotion_amount, b_type, pay_type, sku_order_list.*
WITH orders AS (
    SELECT *,
           CASE order_status WHEN '1' THEN 10 WHEN '105' THEN 20 WHEN '2' THEN 20 WHEN '101' THEN 25 WHEN '3' THEN 30 WHEN '5' THEN 40 WHEN '4' THEN 50
                ELSE CASE WHEN pay_time IS NULL THEN 10 ELSE 20 END END AS state,
           json_extract_string(sku_order_list, '$[0].theme_type') AS theme,
           json_extract_string(sku_order_list, '$[0].c_biz') AS biz,
           json_extract_string(sku_order_list, '$[0].author_name') AS author,
           list_sum(list_transform(from_json(sku_order_list, '[{"item_num":"BIGINT","given_product_type":"VARCHAR"}]'),
                                   lambda l : CASE WHEN l.given_product_type = 'FREE' THEN 0 ELSE l.item_num END)) AS units
    FROM raw)
SELECT _row, $account AS account, order_id, doudian_open_id AS buyer,
       CASE WHEN state = 10 THEN 'unpaid' WHEN state < 30 THEN 'paid' WHEN state = 30 THEN 'shipped' WHEN state = 40 THEN 'done' ELSE 'closed' END AS status,
       order_status AS status_raw, create_time AS created_at, pay_time AS paid_at,
       CASE WHEN state = 40 THEN finish_time END AS done_at, $currency AS currency, pay_amount AS placed_amount,
       CASE WHEN pay_time IS NOT NULL THEN pay_amount END AS paid_amount,
       post_amount AS freight, shop_cost_amount AS seller_discount, platform_cost_amount AS platform_discount, author_cost_amount AS host_discount,
       units, CASE WHEN theme = '1' THEN CASE WHEN biz = '2' THEN 'live_host' ELSE 'live_own' END WHEN theme IS NULL THEN '' ELSE 'other' END AS channel,
       CASE WHEN biz = '2' THEN nullif(author, '') END AS host, update_time AS updated_at, state AS status_rank
FROM orders
