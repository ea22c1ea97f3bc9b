-- Source:  GET /orders, line_items
-- Grain:   one row per line of an order
-- Units:   the order's own currency. A line's amount is its total after discounts with its tax: without shipping and fees. list_price is before discounts and tax.
-- table:   order_line
-- each:    line_items
-- columns: ^id id! AS order_id, id id! AS line_id, ^status text! AS state_word, ^currency text!, ^date_created_gmt instant! AS created_gmt,
--          ^date_created at AS created_local, ^date_created_gmt utc AS created_utc, ^date_modified_gmt utc! AS modified_utc, ^date_modified at AS modified_local,
--          ^date_paid_gmt instant! AS paid_gmt, ^date_paid at AS paid_local, product_id id!, variation_id text AS variation, sku text, name text, quantity count!,
--          subtotal money, total money!, total_tax money
-- ignored: line_items.*
WITH lines AS (
    SELECT *, coalesce(paid_gmt, paid_local) AS paid, total + coalesce(total_tax, 0) AS amount,
           CASE WHEN state_word IN ('cancelled', 'refunded', 'trash') THEN 50 WHEN state_word = 'completed' THEN 40
                WHEN state_word IN ('pending', 'on-hold', 'failed') THEN 10 WHEN state_word = 'processing' THEN 20
                WHEN coalesce(paid_gmt, paid_local) IS NOT NULL THEN 20 ELSE 10 END AS state
    FROM raw)
SELECT _row, $account AS account, order_id, line_id, coalesce(nullif(product_id, '0'), name) AS item_id, nullif(variation, '0') AS sku_id,
       nullif(sku, '') AS sku_code, name AS title,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 40 THEN 'done' ELSE 'closed' END AS status, state_word AS status_raw,
       coalesce(created_gmt, created_local) AS created_at, paid AS paid_at, currency, quantity AS units,
       CAST(subtotal / nullif(quantity, 0) AS DECIMAL(18, 4)) AS list_price, amount AS placed_amount, CASE WHEN paid IS NOT NULL THEN amount END AS paid_amount,
       coalesce(modified_utc, timezone('UTC', timezone($zone, modified_local)), created_utc, timezone('UTC', timezone($zone, created_local))) AS updated_at, state AS status_rank
FROM lines
