-- Source: TikTok Shop "All order" export, the same rows as tiktokshop_orders.sql.
-- Grain:  one row per order and SKU; a SKU that stands twice in an order is one line.
-- Units:  the layout's or the shop's currency; SKU Subtotal After Discount, without shipping and tax.
WITH lines AS (
    SELECT min(_row) AS _row,
           "Order ID" AS order_id, "SKU ID" AS sku_id,
           arg_min("Seller SKU", _row) AS sku_code, arg_min("Product Name", _row) AS title,
           arg_min("Order Status", _row) AS status_raw,
           min("Created Time") AS created_at, min("Paid Time") AS paid_time,
           sum("Quantity") AS units, arg_min("SKU Unit Original Price", _row) AS list_price,
           sum("SKU Subtotal After Discount") AS amount,
           arg_min("Creator Handle", _row) AS host,
           bool_and("Normal or Pre-order" IS NULL) AS is_gift,
           bool_or(coalesce("Normal or Pre-order", '') ILIKE 'pre%') AS is_presale,
           bool_or(regexp_matches(coalesce("Seller Note", ''), $note_pattern)) AS is_brush
    FROM raw
    GROUP BY "Order ID", "SKU ID"),
states AS (
    SELECT *,
           CASE WHEN status_raw ILIKE 'cancel%' THEN 50
                WHEN status_raw ILIKE 'unpaid%' THEN 10
                WHEN status_raw ILIKE 'complete%' OR status_raw ILIKE 'delivered%' THEN 40
                WHEN status_raw ILIKE 'shipped%' OR status_raw ILIKE 'in transit%' THEN 30
                WHEN paid_time IS NULL THEN 10 ELSE 20 END AS state
    FROM lines)
SELECT _row, order_id, sku_id AS line_id, sku_id AS item_id, sku_id, sku_code, title,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       status_raw,
       min(created_at) OVER (PARTITION BY order_id) AS created_at,
       CASE WHEN state <> 50 THEN min(paid_time) OVER (PARTITION BY order_id) END AS paid_at,
       $currency AS currency,
       units, list_price,
       amount AS placed_amount,
       CASE WHEN state NOT IN (10, 50) THEN amount END AS paid_amount,
       host, is_gift, is_brush, is_presale,
       state AS status_rank
FROM states
