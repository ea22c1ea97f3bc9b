-- Source: Shopify admin orders_export.csv (75 columns seen in public files).
-- Grain:  one row per order; order-level fields stand only on the first line of an order.
-- Units:  the order's own Currency. placed_amount = Total (with shipping and tax), paid when Paid at is set.
--         Times carry an offset: the local time stands as given. A payment through Shopify's bogus gateway is a test order.
WITH orders AS (
    SELECT min(_row) AS _row,
           coalesce(max("Id"), "Name") AS order_id,
           arg_min("Email", _row) AS buyer,
           lower(arg_min("Financial Status", _row)) AS financial,
           lower(arg_min("Fulfillment Status", _row)) AS fulfilment,
           min("Created at") AS created_at,
           arg_min("Paid at", _row) AS paid_at,
           arg_min("Cancelled at", _row) AS cancelled_at,
           arg_min("Currency", _row) AS currency,
           arg_min("Total", _row) AS total,
           arg_min("Shipping", _row) AS freight,
           arg_min("Discount Amount", _row) AS discount,
           arg_min("Refunded Amount", _row) AS refunded,
           sum("Lineitem quantity") AS units,
           bool_or(coalesce("Payment Method", '') ILIKE '%bogus%') AS is_test
    FROM raw
    GROUP BY "Name"),
states AS (
    SELECT *,
           CASE WHEN cancelled_at IS NOT NULL OR financial IN ('voided', 'expired') THEN 50
                WHEN paid_at IS NULL THEN 10
                WHEN fulfilment = 'fulfilled' THEN 30 ELSE 20 END AS state
    FROM orders)
SELECT _row, order_id, buyer,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' ELSE 'closed' END AS status,
       concat_ws('/', financial, fulfilment) AS status_raw,
       created_at, paid_at,
       coalesce(currency, $currency) AS currency,
       total AS placed_amount,
       CASE WHEN paid_at IS NOT NULL THEN total END AS paid_amount,
       freight, discount AS seller_discount,
       CASE WHEN paid_at IS NOT NULL THEN refunded END AS refund_amount,
       units, is_test,
       state AS status_rank
FROM states
