-- Source:  channels/ec/order/get, product_infos
-- Grain:   one row per SKU of an order, gifts apart (lines of one SKU are added up: the contract gives them no id of their own)
-- Units:   fen on the wire, CNY here. real_price is what was paid for all units of the line, sale_price the price of one.
-- table:   order_line
-- each:    order_detail.product_infos
-- columns: ^order_id id!, ^status text! AS status_raw, ^create_time unix_s!, ^update_time unix_s!, ^order_detail.pay_info.pay_time unix_s,
--          ^order_detail.payment_info.pay_time unix_s AS other_time, ^order_detail.pay_info.payment_method text,
--          ^order_detail.payment_info.payment_method text AS other_method, ^order_detail.ext_info.order_scene text, ^order_detail.ext_info.finder_id text,
--          ^order_detail.commission_infos json, product_id id!, sku_id id!, sku_code text, title text, sku_cnt count!, sale_price fen,
--          real_price fen!, is_free_gift flag
-- ignored: openid, is_present, present_order_id, aftersale_detail, aftersale_detail.*, order_detail.*
WITH lines AS (
    SELECT *, coalesce(pay_time, other_time) AS paid, coalesce(payment_method, other_method) IN ('3', '4') AS is_free,
           CASE status_raw WHEN '10' THEN 10 WHEN '20' THEN 20 WHEN '21' THEN 25 WHEN '30' THEN 30 WHEN '100' THEN 40 WHEN '190' THEN 50 WHEN '200' THEN 50
                WHEN '250' THEN 50 ELSE CASE WHEN coalesce(pay_time, other_time) IS NULL THEN 10 ELSE 20 END END AS state,
           coalesce(list_contains(list_transform(from_json(commission_infos, '[{"finder_id":"VARCHAR"}]'), lambda c : c.finder_id), finder_id), false) AS is_host
    FROM raw)
SELECT min(_row) AS _row, $account AS account, order_id, sku_id || CASE WHEN is_free_gift THEN '-gift' ELSE '' END AS line_id, max(product_id) AS item_id,
       sku_id, max(nullif(sku_code, '')) AS sku_code, max(title) AS title,
       max(CASE WHEN state = 10 THEN 'unpaid' WHEN state < 30 THEN 'paid' WHEN state = 30 THEN 'shipped' WHEN state = 40 THEN 'done' ELSE 'closed' END) AS status,
       max(status_raw) AS status_raw, max(create_time) AS created_at, max(paid) AS paid_at, $currency AS currency, sum(sku_cnt) AS units,
       max(sale_price) AS list_price, sum(real_price) AS placed_amount,
       CASE WHEN max(paid) IS NOT NULL THEN CASE WHEN bool_or(is_free) THEN 0 ELSE sum(real_price) END END AS paid_amount,
       max(CASE order_scene WHEN '2' THEN CASE WHEN is_host THEN 'live_host' ELSE 'live_own' END WHEN '3' THEN 'video'
                ELSE CASE WHEN order_scene IS NULL THEN '' ELSE 'other' END END) AS channel,
       max(CASE WHEN is_host THEN finder_id END) AS host, coalesce(is_free_gift OR bool_or(is_free), false) AS is_gift,
       update_time AS updated_at, max(state) AS status_rank
FROM lines GROUP BY order_id, update_time, sku_id, is_free_gift
