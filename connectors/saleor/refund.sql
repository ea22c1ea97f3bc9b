-- Source:  orders, transactions.events and payments.transactions
-- Grain:   one row per amount that went back (refund, chargeback), on the day it did; a refund that was reversed is a row below zero
-- Units:   decimal text
-- table:   refund
-- each:    refunds
-- covers:  done_at
-- columns: ^id text! AS order_id, ^updatedAt utc! AS changed, id text! AS refund_id, type text! AS move, at instant! AS moved_at, amount money!, currency text! AS money
-- ignored: number, created, status, paid, paid.*
SELECT _row, $account AS account, refund_id, order_id, moved_at AS applied_at, moved_at AS done_at, upper(money) AS currency, amount AS applied_amount, amount,
       TRUE AS is_done, move AS status_raw, changed AS updated_at, 40 AS status_rank
FROM raw
