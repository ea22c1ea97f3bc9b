-- Source: TikTok Shop "All order" export (CSV, or XLSX sheet OrderSKUList); the row under the header describes it.
-- Grain:  one row per order; Order Amount repeats on every SKU row of an order and is taken once.
-- Units:  the layout's or the shop's currency. A cancelled order is no sale even where it carries a pay time.
--         A blank "Normal or Pre-order" marks a sample order: kept, flagged as a gift, and out of every metric.
WITH orders AS (
    SELECT min(_row) AS _row,
           "Order ID" AS order_id,
           arg_min("Buyer Username", _row) AS buyer,
           arg_min("Order Status", _row) AS status_raw,
           min("Created Time") AS created_at,
           min("Paid Time") AS paid_time,
           max("Delivered Time") AS done_at,
           arg_min("Order Amount", _row) AS amount,
           arg_min("Order Refund Amount", _row) AS refunded,
           arg_min("Shipping Fee After Discount", _row) AS freight,
           sum("SKU Seller Discount") AS seller_discount,
           sum("SKU Platform Discount") AS platform_discount,
           sum("Quantity") AS units,
           arg_min("Creator Handle", _row) AS host,
           arg_min("Purchase Channel", _row) AS channel,
           bool_and("Normal or Pre-order" IS NULL) AS is_gift,
           bool_or(coalesce("Normal or Pre-order", '') ILIKE 'pre%') AS is_presale,
           bool_or(regexp_matches(coalesce("Seller Note", ''), $note_pattern)) AS is_brush
    FROM raw
    GROUP BY "Order ID"),
states AS (
    SELECT *,
           CASE WHEN status_raw ILIKE 'cancel%' THEN 50
                WHEN status_raw ILIKE 'unpaid%' THEN 10
                WHEN status_raw ILIKE 'complete%' OR status_raw ILIKE 'delivered%' THEN 40
                WHEN status_raw ILIKE 'shipped%' OR status_raw ILIKE 'in transit%' THEN 30
                WHEN paid_time IS NULL THEN 10 ELSE 20 END AS state,
           CASE WHEN state <> 50 THEN paid_time END AS paid_at
    FROM orders)
SELECT _row, order_id, buyer,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       status_raw, created_at, paid_at, done_at,
       $currency AS currency,
       amount AS placed_amount,
       CASE WHEN paid_at IS NOT NULL THEN amount END AS paid_amount,
       freight, seller_discount, platform_discount,
       CASE WHEN paid_at IS NOT NULL THEN refunded END AS refund_amount,
       units,
       CASE WHEN channel ILIKE '%live%' THEN CASE WHEN host IS NULL THEN 'live_own' ELSE 'live_host' END
            WHEN channel ILIKE '%video%' THEN 'video' WHEN channel ILIKE '%card%' THEN 'card'
            WHEN channel IS NULL THEN '' ELSE 'other' END AS channel,
       host, is_gift, is_brush, is_presale,
       state AS status_rank
FROM states
