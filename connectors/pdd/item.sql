-- Source:  pdd.goods.list.get
-- Grain:   one row per product, on sale or not
-- Units:   none; the list states no time of change, so of two readings the later holds (by as_of)
-- table:   item
-- columns: goods_id id! AS item_id, goods_name text! AS title, sku_list json AS skus
-- ignored: thumb_url, image_url, is_more_sku, goods_quantity, goods_reserve_quantity, is_onsale, sku_list.*
SELECT _row, item_id, title, nullif(json_extract_string(skus, '$[0].outer_goods_id'), '') AS code
FROM raw
