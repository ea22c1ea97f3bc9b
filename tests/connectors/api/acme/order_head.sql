-- Source:  a made-up platform, /orders
-- Grain:   one row per order
-- Units:   money as decimal text in the currency beside it, times in Unix seconds
-- table:   order_head
-- columns: id id!, created unix_s!, paid unix_s, changed utc_s!, amount money!, currency text, note_at at
SELECT _row, $account AS account, id AS order_id, CASE WHEN paid IS NULL THEN 'unpaid' ELSE 'paid' END AS status, created AS created_at, paid AS paid_at, note_at AS done_at,
       coalesce(currency, $currency) AS currency, amount AS placed_amount, CASE WHEN paid IS NOT NULL THEN amount END AS paid_amount, changed AS updated_at,
       CASE WHEN paid IS NULL THEN 10 ELSE 20 END AS status_rank
FROM raw
