-- Source:  GET /admin/orders, items
-- Grain:   one row per line of an order
-- Units:   whole units of the order's currency; a line's amount holds its discounts and tax, not the freight
-- table:   order_line
-- each:    items
-- columns: ^id id! AS order_id, ^status text! AS status, ^fulfillment_status text AS fulfillment_status, ^currency_code text!, ^created_at instant! AS created_at,
--          ^updated_at utc! AS updated_at, ^canceled_at instant AS canceled_at, ^first_capture instant, ^first_capture utc AS captured_utc, ^summary.paid_total money AS paid_total,
--          id id! AS line_id, title text, product_title text, product_id id, variant_id id, variant_sku text, quantity count!, unit_price money!, total money!
-- ignored: display_id, version, email, customer_id, payment_status, total, subtotal, tax_total, item_total, original_total, shipping_total, discount_total, summary.*,
--          captures.*, items.*
WITH lines AS (
    SELECT *, coalesce(first_capture, CASE WHEN paid_total > 0 THEN created_at END) AS paid_at,
           CASE WHEN status = 'canceled' OR canceled_at IS NOT NULL THEN 50 WHEN status IN ('completed', 'archived') OR fulfillment_status = 'delivered' THEN 40
                WHEN fulfillment_status IN ('shipped', 'partially_delivered') THEN 30 WHEN fulfillment_status = 'partially_shipped' THEN 25
                ELSE CASE WHEN first_capture IS NOT NULL OR paid_total > 0 THEN 20 ELSE 10 END END AS rank
    FROM raw)
SELECT _row, $account AS account, order_id, line_id, coalesce(product_id, variant_sku) AS item_id, variant_id AS sku_id, nullif(variant_sku, '') AS sku_code,
       coalesce(product_title, title) AS title,
       CASE WHEN rank = 10 THEN 'unpaid' WHEN rank < 30 THEN 'paid' WHEN rank = 30 THEN 'shipped' WHEN rank = 40 THEN 'done' ELSE 'closed' END AS status,
       concat_ws('/', status, fulfillment_status) AS status_raw, created_at, paid_at, upper(currency_code) AS currency, quantity AS units, unit_price AS list_price,
       total AS placed_amount, CASE WHEN paid_at IS NOT NULL THEN total END AS paid_amount, '' AS channel, greatest(updated_at, captured_utc) AS updated_at, rank AS status_rank
FROM lines
