-- Source:  GET /analytics/202512/shop/{live_id}/products_performance
-- Grain:   one row per item of one LIVE
-- Units:   money in direct_gmv.currency, returns included; orders are paid SKU orders. Impressions and clicks are times, not people: not kept.
-- table:   live_item
-- columns: _parent.username text! AS username, _parent.start_time unix_s! AS start_time, id id! AS item_id, name text, sales.direct_gmv.amount money! AS gmv,
--          sales.direct_gmv.currency text! AS currency, sales.customers count, sales.sku_orders count, sales.items_sold count
-- ignored: _asked.*, sales.*, traffic*
SELECT _row, username AS account, start_time AS started_at, item_id, name AS title, currency, customers AS buyers, sku_orders AS orders,
       items_sold AS units, gmv AS live_sales
FROM raw
