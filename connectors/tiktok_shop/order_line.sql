-- Source:  POST /order/202309/orders/search, line_items
-- Grain:   one row per unit: the platform lists every unit by itself, without a quantity
-- Units:   decimal text in payment.currency. sale_price is after all discounts, without freight and taxes.
-- table:   order_line
-- each:    line_items
-- columns: ^id id! AS order_id, id id! AS line_id, ^status text! AS order_status, display_status text, ^order_type text, ^create_time unix_s!,
--          ^paid_time unix_s, ^update_time utc_s!, ^payment.currency text! AS currency, product_id id, sku_id id, seller_sku text, product_name text,
--          original_price money, sale_price money!, is_gift flag, ^is_sample_order flag, ^is_replacement_order flag, ^seller_note text
-- ignored: user_id, payment.*, line_items.*
WITH lines AS (
    SELECT *, coalesce(nullif(display_status, ''), order_status) AS said,
           CASE said WHEN 'UNPAID' THEN 10 WHEN 'ON_HOLD' THEN 15 WHEN 'AWAITING_SHIPMENT' THEN 20 WHEN 'PARTIALLY_SHIPPING' THEN 25
                     WHEN 'AWAITING_COLLECTION' THEN 26 WHEN 'IN_TRANSIT' THEN 30 WHEN 'DELIVERED' THEN 38 WHEN 'COMPLETED' THEN 40
                     WHEN 'CANCELLED' THEN 50 ELSE CASE WHEN paid_time IS NULL THEN 10 ELSE 20 END END AS state
    FROM raw)
SELECT _row, $account AS account, order_id, line_id, product_id AS item_id, sku_id, nullif(seller_sku, '') AS sku_code, product_name AS title,
       CASE WHEN state = 50 THEN 'closed' WHEN state >= 38 THEN 'done' WHEN state IN (25, 30) THEN 'shipped' WHEN paid_time IS NULL THEN 'unpaid' ELSE 'paid' END AS status,
       said AS status_raw, create_time AS created_at, paid_time AS paid_at, currency, 1 AS units, original_price AS list_price,
       sale_price AS placed_amount, CASE WHEN paid_time IS NOT NULL THEN sale_price END AS paid_amount,
       coalesce(is_gift, false) OR coalesce(is_sample_order, false) OR coalesce(is_replacement_order, false) AS is_gift,
       order_type = 'PRE_ORDER' AS is_presale, regexp_matches(coalesce(seller_note, ''), $note_pattern) AS is_brush,
       update_time AS updated_at, state AS status_rank
FROM lines
