-- Source:  today_live/room/get
-- Grain:   one row per live room of an account (aweme_id), by the day it began; a room that is only prepared is none yet
-- Units:   yuan, times watched (not people). Sales and orders are the whole room's, organic ones included; ad_spend is this advertiser's own
-- table:   live_session
-- columns: room_id id!, aweme_id id!, aweme_name text, room_title text, room_status text!, start_time at!, end_time at, stat_cost money!,
--          live_pay_order_gmv_alias money!, live_pay_order_count_alias count!, total_live_watch_cnt count!, live_create_order_count_alias count,
--          total_live_follow_cnt count, total_live_comment_cnt count, total_live_share_cnt count, live_click_product_count_alias count
-- ignored: room_cover, room_delivery, aweme_avatar, qualification_stat_cost, click_cnt, ctr, cpm_platform, cpc_platform, live_*, luban_*, ad_live_*, total_live_*
SELECT _row, aweme_id AS account, start_time AS started_at, end_time AS ended_at, aweme_name AS account_name, room_id AS session_id, room_title AS title,
       $currency AS currency, date_diff('second', start_time, end_time) AS duration_s, total_live_watch_cnt AS views,
       total_live_comment_cnt AS comments, total_live_share_cnt AS shares, total_live_follow_cnt AS new_followers,
       live_click_product_count_alias AS product_clicks, live_pay_order_count_alias AS orders, live_create_order_count_alias AS placed_orders,
       live_pay_order_gmv_alias AS live_sales, stat_cost AS ad_spend, CASE WHEN room_status = 'FINISH' THEN 20 ELSE 10 END AS status_rank
FROM raw
WHERE room_status <> 'PREPARE'
