-- Source:  channels/ec/product/list/get with product/get of each
-- Grain:   one row per product that was ever on sale
-- Units:   none
-- table:   item
-- columns: product_id id!, title text!, spu_code text, out_product_id text
-- ignored: *
SELECT _row, product_id AS item_id, title, coalesce(nullif(spu_code, ''), nullif(out_product_id, '')) AS code FROM raw
