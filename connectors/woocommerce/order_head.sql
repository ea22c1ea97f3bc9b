-- Source:  GET /orders
-- Grain:   one row per order
-- Units:   the order's own currency, tax and shipping included. A refund does not change an order's total, so it is before refunds, on the day of date_paid.
--          An order paid on delivery is `processing` without that day: no sale yet. Status words of plugins count by whether there is a day of payment.
-- table:   order_head
-- columns: id id! AS order_id, status text! AS state_word, currency text!, date_created_gmt instant! AS created_gmt, date_created at AS created_local,
--          date_created_gmt utc AS created_utc, date_modified_gmt utc! AS modified_utc, date_modified at AS modified_local,
--          date_paid_gmt instant! AS paid_gmt, date_paid at AS paid_local,
--          date_completed_gmt instant AS completed_gmt, date_completed at AS completed_local, total money!, discount_total money, shipping_total money,
--          customer_id text AS buyer, line_items json! AS lines
-- ignored: parent_id, number, version, created_via, discount_tax, shipping_tax, cart_tax, total_tax, prices_include_tax, payment_method, payment_method_title,
--          currency_symbol, needs_payment, needs_processing, is_editable, set_paid, line_items.*, refunds, refunds.*, _links, _links.*
WITH orders AS (
    SELECT *, coalesce(paid_gmt, paid_local) AS paid,
           list_sum(list_transform(from_json(lines, '[{"quantity":"DECIMAL(18,4)"}]'), lambda l : l.quantity)) AS units,
           CASE WHEN state_word IN ('cancelled', 'refunded', 'trash') THEN 50 WHEN state_word = 'completed' THEN 40
                WHEN state_word IN ('pending', 'on-hold', 'failed') THEN 10 WHEN state_word = 'processing' THEN 20
                WHEN coalesce(paid_gmt, paid_local) IS NOT NULL THEN 20 ELSE 10 END AS state
    FROM raw)
SELECT _row, $account AS account, order_id, buyer,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 40 THEN 'done' ELSE 'closed' END AS status, state_word AS status_raw,
       coalesce(created_gmt, created_local) AS created_at, paid AS paid_at,
       CASE WHEN state = 40 THEN coalesce(completed_gmt, completed_local) END AS done_at, currency, total AS placed_amount,
       CASE WHEN paid IS NOT NULL THEN total END AS paid_amount, shipping_total AS freight, discount_total AS seller_discount, units,
       coalesce(modified_utc, timezone('UTC', timezone($zone, modified_local)), created_utc, timezone('UTC', timezone($zone, created_local))) AS updated_at, state AS status_rank
FROM orders
