-- Source:  GET /admin/orders, refunds of their payments
-- Grain:   one row per refund of a payment; a refund is there once the money went back, on the day it was made
-- Units:   whole units of the order's currency
-- table:   refund
-- each:    refunds
-- covers:  done_at
-- columns: ^id id! AS order_id, ^currency_code text!, id id! AS refund_id, amount money!, created_at instant! AS done_at, created_at utc AS changed
-- ignored: status, version, created_at, payment_status, fulfillment_status, display_id, email, updated_at, total, subtotal, tax_total, discount_total, shipping_total,
--          item_total, original_total, summary.*, refunds.*
SELECT _row, $account AS account, refund_id, order_id, done_at AS applied_at, done_at, upper(currency_code) AS currency, amount AS applied_amount, amount, true AS is_done,
       'refunded' AS status_raw, changed AS updated_at, 40 AS status_rank
FROM raw
