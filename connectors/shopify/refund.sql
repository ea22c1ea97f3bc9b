-- Source:  refunds of an order
-- Grain:   one row per refund; what was given back is its totalRefunded, over all its transactions, on the day it was processed
-- Units:   shop money. A refund of nothing (goods restocked only) is kept and not done.
-- table:   refund
-- each:    refunds
-- covers:  done_at
-- columns: id text! AS gid, ^id text! AS order_gid, createdAt instant, processedAt instant!, updatedAt utc!,
--          totalRefundedSet.shopMoney.amount money! AS given_back, totalRefundedSet.shopMoney.currencyCode text! AS currency
SELECT _row, $account AS account, regexp_extract(gid, '([0-9]+)(\?.*)?$', 1) AS refund_id, regexp_extract(order_gid, '([0-9]+)(\?.*)?$', 1) AS order_id,
       coalesce(createdAt, processedAt) AS applied_at, CASE WHEN given_back > 0 THEN processedAt END AS done_at, currency,
       given_back AS applied_amount, given_back AS amount, given_back > 0 AS is_done, updatedAt AS updated_at, 40 AS status_rank
FROM raw
