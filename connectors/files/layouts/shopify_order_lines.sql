-- Source: Shopify admin orders_export.csv, the same rows as shopify_orders.sql.
-- Grain:  one row per line item; the file has no line id, so the line's place in its order is one.
-- Units:  the order's own Currency. A line's amount is price x quantity less its own discount: no shipping, tax or
--         order-wide discount, so the lines of an order do not add up to its Total.
WITH lines AS (
    SELECT *,
           coalesce(max("Id") OVER per_order, "Name") AS order_id,
           row_number() OVER (PARTITION BY "Name" ORDER BY _row) AS line_no,
           min("Created at") OVER per_order AS created_at,
           max("Paid at") OVER per_order AS paid_at,
           max("Cancelled at") OVER per_order AS cancelled_at,
           lower(max("Financial Status") OVER per_order) AS financial,
           lower(max("Fulfillment Status") OVER per_order) AS fulfilment,
           max("Currency") OVER per_order AS order_currency,
           bool_or(coalesce("Payment Method", '') ILIKE '%bogus%') OVER per_order AS is_test,
           CAST("Lineitem price" * "Lineitem quantity" - coalesce("Lineitem discount", 0) AS DECIMAL(18, 4)) AS amount,
           CASE WHEN cancelled_at IS NOT NULL OR financial IN ('voided', 'expired') THEN 50
                WHEN paid_at IS NULL THEN 10
                WHEN fulfilment = 'fulfilled' THEN 30 ELSE 20 END AS state
    FROM raw
    WINDOW per_order AS (PARTITION BY "Name"))
SELECT _row, order_id,
       CAST(line_no AS TEXT) AS line_id,
       coalesce("Lineitem sku", "Lineitem name") AS item_id,
       "Lineitem sku" AS sku_id,
       "Lineitem sku" AS sku_code,
       "Lineitem name" AS title,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' ELSE 'closed' END AS status,
       concat_ws('/', financial, fulfilment) AS status_raw,
       created_at, paid_at,
       coalesce(order_currency, $currency) AS currency,
       "Lineitem quantity" AS units,
       "Lineitem price" AS list_price,
       amount AS placed_amount,
       CASE WHEN paid_at IS NOT NULL THEN amount END AS paid_amount,
       is_test,
       state AS status_rank
FROM lines
