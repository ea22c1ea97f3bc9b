-- Source:  GET /analytics/202510/shop_lives/{live_id}/performance_per_minutes, after the LIVE has ended
-- Grain:   one row per minute of one LIVE
-- Units:   money in gmv.currency, returns included; enters are views (what enter_room_rate counts), orders paid SKU orders. Product impressions and clicks are
--          times, not people, and viewers of a minute are not the people online: neither is kept.
-- table:   live_minute
-- columns: _parent.username text! AS username, start_time unix_s!, end_time unix_s!, sales.gmv.amount money! AS gmv, sales.gmv.currency text! AS currency,
--          sales.sku_orders count!, traffic.views count, interactions.comments count, interactions.likes count, interactions.new_followers count
-- ignored: _asked.*, sales.*, traffic.*, interactions.*, conversion*
SELECT _row, username AS account, start_time AS happened_at, date_diff('second', start_time, end_time) AS step_s, currency,
       views AS enters, comments, likes, new_followers, sku_orders AS orders, gmv AS live_sales
FROM raw
