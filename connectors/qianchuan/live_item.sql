-- Source:  today_live/room/product_list/get of each room
-- Grain:   one row per product of a live session
-- Units:   yuan; orders and sales of the whole room, organic ones included
-- table:   live_item
-- columns: productId id!, title text, live_pay_order_count_alias count!, live_pay_order_gmv_alias money!, _parent.start_time at! AS started_at,
--          _parent.aweme_id id! AS aweme
-- ignored: img_url, live_product_*, live_cost_per_product, live_pay_order_roi_per_product, luban_*, product_click_pay_ucnt_ratio, live_order_*, explain_status
SELECT _row, aweme AS account, started_at, productId AS item_id, title, $currency AS currency, live_pay_order_count_alias AS orders,
       live_pay_order_gmv_alias AS live_sales
FROM raw
WHERE started_at IS NOT NULL
