-- Source:  GET /analytics/202509/shop_lives/performance, account_type ALL
-- Grain:   one row per LIVE; interaction figures only for the shop's own and marketing accounts
-- Units:   money in gmv.currency, returns included. 24h_live_gmv is another figure and never added. orders are paid SKU orders, placed_orders those created.
--          Average viewing seconds are per view: watch_s = average x views.
-- table:   live_session
-- columns: id id! AS session_id, title text, username text!, start_time unix_s!, end_time unix_s, sales_performance.gmv.amount money! AS gmv,
--          sales_performance.gmv.currency text! AS currency, sales_performance.products_added count, sales_performance.created_sku_orders count,
--          sales_performance.sku_orders count!, sales_performance.items_sold count, sales_performance.customers count, interaction_performance.acu count,
--          interaction_performance.pcu count, interaction_performance.viewers count, interaction_performance.views count,
--          interaction_performance.avg_viewing_duration count AS average_s, interaction_performance.comments count, interaction_performance.shares count,
--          interaction_performance.likes count, interaction_performance.new_followers count, interaction_performance.product_impressions count,
--          interaction_performance.product_clicks count
-- ignored: sales_performance.24h_live_gmv*, sales_performance.avg_price*, sales_performance.different_products_sold, sales_performance.click_to_order_rate,
--          interaction_performance.click_through_rate
SELECT _row, username AS account, username AS account_name, start_time AS started_at, end_time AS ended_at, session_id, title, currency,
       date_diff('second', start_time, end_time) AS duration_s, viewers, views, average_s * views AS watch_s, pcu, acu, comments, likes, shares, new_followers,
       products_added AS items, product_impressions, product_clicks, customers AS buyers, sku_orders AS orders, created_sku_orders AS placed_orders,
       items_sold AS units, gmv AS live_sales
FROM raw
