-- Source:  a made-up platform, /orders
-- Grain:   one row per line
-- Units:   money as decimal text
-- table:   order_line
-- each:    lines
-- columns: ^id id! AS order_id, ^created unix_s! AS created, ^changed utc_s! AS changed, id id! AS line_id, sku id, item id, amount money
SELECT _row, $account AS account, order_id, line_id, item AS item_id, sku AS sku_id, created AS created_at, $currency AS currency, amount AS placed_amount, changed AS updated_at
FROM raw
