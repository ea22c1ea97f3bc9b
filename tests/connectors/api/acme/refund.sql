-- Source:  a made-up platform, /refunds
-- Grain:   one row per case
-- Units:   money as decimal text, times in Unix seconds
-- table:   refund
-- columns: id id!, order id AS order_id, applied unix_s!, approved unix_s, paid unix_s, wanted money, given money, changed utc_s!
SELECT _row, $account AS account, id AS refund_id, order_id, applied AS applied_at, paid AS paid_at, paid AS done_at, $currency AS currency, wanted AS applied_amount,
       CASE WHEN paid IS NOT NULL THEN given END AS amount, paid IS NOT NULL AS is_done, changed AS updated_at,
       CASE WHEN paid IS NOT NULL THEN 40 WHEN approved IS NOT NULL THEN 20 ELSE 10 END AS status_rank
FROM raw
