-- Source:  Admin API, orders, refunds of their payments
-- Grain:   one row per refund of a payment
-- Units:   hundredths on the wire. Money went back when the refund is Settled, on the day it was settled: its last change, for nothing comes after.
-- table:   refund
-- each:    refunds
-- covers:  done_at
-- columns: ^id id! AS order_id, ^orderPlacedAt instant! AS placed_at, ^currencyCode text!, id id! AS refund_id, state text!, total fen!, reason text,
--          createdAt instant! AS created_at, updatedAt instant AS changed_at, createdAt utc AS created_utc, updatedAt utc AS changed_utc
-- ignored: code, type, state, active, createdAt, updatedAt, customer.*, lines.*, discounts.*, couponCodes, subTotal, subTotalWithTax, shipping, shippingWithTax, total,
--          totalWithTax, totalQuantity, refunds.*
SELECT _row, $account AS account, refund_id, order_id, created_at AS applied_at, placed_at AS paid_at,
       CASE WHEN state = 'Settled' THEN coalesce(changed_at, created_at) END AS done_at, upper(currencyCode) AS currency, total AS applied_amount,
       CASE WHEN state = 'Settled' THEN total END AS amount, state = 'Settled' AS is_done, nullif(reason, '') AS reason, state AS status_raw,
       coalesce(changed_utc, created_utc) AS updated_at, CASE state WHEN 'Settled' THEN 40 WHEN 'Failed' THEN 30 ELSE 10 END AS status_rank
FROM raw
