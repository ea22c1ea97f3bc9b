-- Source:  GET /orders/{id}/refunds, asked for every order that lists one
-- Grain:   one row per refund, on the day it was entered; WooCommerce knows refunds only once they are made
-- Units:   the order's currency. The amount is positive here, and negative in the order's own list.
-- table:   refund
-- covers:  done_at
-- columns: id id! AS refund_id, _asked.order_id id AS order_id, _parent.currency text AS currency, date_created_gmt instant! AS made_gmt, date_created_gmt utc AS made_utc,
--          date_created at AS made_local, amount money!, reason text
-- ignored: parent_id, refunded_payment, line_items, line_items.*, _links, _links.*
SELECT _row, $account AS account, refund_id, order_id, coalesce(made_gmt, made_local) AS applied_at, coalesce(made_gmt, made_local) AS done_at, currency,
       amount AS applied_amount, amount, amount > 0 AS is_done, nullif(reason, '') AS reason, coalesce(made_utc, timezone('UTC', timezone($zone, made_local))) AS updated_at, 40 AS status_rank
FROM raw
