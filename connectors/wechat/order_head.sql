-- Source:  channels/ec/order/list/get with order/get of each
-- Grain:   one row per order
-- Units:   fen on the wire, CNY here. Sales are order_price, what the buyer paid, freight included. discounted_price is the seller's discount,
--          finder_discounted_price the host's. Sales are before refunds: an order that was paid stays a sale of its paid day when it is
--          cancelled later; the money given back is a row of refund.sql. Of payment method 2 (pay later) pay_time is when it was
--          confirmed; of 3 and 4 (lottery, points) nothing was paid: such orders are gifts. The block is pay_info or payment_info.
--          Live with a host: the account of the room earns a commission on the order. Else it is the shop's own room.
-- table:   order_head
-- columns: order_id id!, status text!, create_time unix_s!, update_time unix_s!, openid text, order_detail.price_info.order_price fen!,
--          order_detail.price_info.freight fen, order_detail.price_info.discounted_price fen, order_detail.price_info.finder_discounted_price fen,
--          order_detail.pay_info.pay_time unix_s, order_detail.payment_info.pay_time unix_s AS other_time,
--          order_detail.pay_info.payment_method text, order_detail.payment_info.payment_method text AS other_method,
--          order_detail.ext_info.order_scene text, order_detail.ext_info.finder_id text, order_detail.product_infos json!, order_detail.commission_infos json
-- ignored: is_present, present_order_id, aftersale_detail, aftersale_detail.*, order_detail.*
WITH orders AS (
    SELECT *, coalesce(pay_time, other_time) AS paid, coalesce(payment_method, other_method) IN ('3', '4') AS is_free,
           CASE status WHEN '10' THEN 10 WHEN '20' THEN 20 WHEN '21' THEN 25 WHEN '30' THEN 30 WHEN '100' THEN 40 WHEN '190' THEN 50 WHEN '200' THEN 50
                WHEN '250' THEN 50 ELSE CASE WHEN coalesce(pay_time, other_time) IS NULL THEN 10 ELSE 20 END END AS state,
           coalesce(list_contains(list_transform(from_json(commission_infos, '[{"finder_id":"VARCHAR"}]'), lambda c : c.finder_id), finder_id), false) AS is_host,
           list_sum(list_transform(from_json(product_infos, '[{"sku_cnt":"BIGINT","is_free_gift":"VARCHAR"}]'),
                                   lambda p : CASE WHEN p.is_free_gift IN ('true', '1') THEN 0 ELSE p.sku_cnt END)) AS units
    FROM raw)
SELECT _row, $account AS account, order_id, openid AS buyer,
       CASE WHEN state = 10 THEN 'unpaid' WHEN state < 30 THEN 'paid' WHEN state = 30 THEN 'shipped' WHEN state = 40 THEN 'done' ELSE 'closed' END AS status,
       status AS status_raw, create_time AS created_at, paid AS paid_at, $currency AS currency, order_price AS placed_amount,
       CASE WHEN paid IS NOT NULL THEN CASE WHEN is_free THEN 0 ELSE order_price END END AS paid_amount,
       freight, discounted_price AS seller_discount, finder_discounted_price AS host_discount, units,
       CASE order_scene WHEN '2' THEN CASE WHEN is_host THEN 'live_host' ELSE 'live_own' END WHEN '3' THEN 'video' ELSE CASE WHEN order_scene IS NULL THEN '' ELSE 'other' END END AS channel,
       CASE WHEN is_host THEN finder_id END AS host, coalesce(is_free, false) AS is_gift, update_time AS updated_at, state AS status_rank
FROM orders
