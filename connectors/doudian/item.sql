-- Source:  product.listV2
-- Grain:   one row per product
-- Units:   none
-- table:   item
-- columns: product_id id!, name text!, outer_product_id text, update_time unix_s, category_detail.third_cname text AS category
-- ignored: status, check_status, img, product_type, create_time, category_detail.*
SELECT _row, product_id AS item_id, name AS title, nullif(outer_product_id, '') AS code, nullif(category, '') AS category, update_time AS updated_at
FROM raw
