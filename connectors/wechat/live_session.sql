-- Source:  channels/livedashboard/getlivelist with getlivedata of each
-- Grain:   one row per live session of the 视频号; a running one has no end yet
-- Units:   fen on the wire, CNY here; people (uv) and times (pv). Seconds watched are given per viewer: watch_s = average x viewers.
--          live_sales is total_gmv, before refunds; orders are total_pay_pv. items is the number of products, also when the dashboard lists fewer.
-- table:   live_session
-- columns: export_id text!, live.live_dashboard_data.start_time unix_s! AS started_at, live.live_dashboard_data.live_duration count AS duration_s,
--          live.live_comparison_index.is_living flag, live.live_dashboard_data.live_dashboard_data.summary.new_watch_uv count! AS viewers,
--          live.live_dashboard_data.live_dashboard_data.summary.max_online_watch_uv count AS pcu,
--          live.live_dashboard_data.live_dashboard_data.summary.impression_uv count AS room_impression_users,
--          live.live_dashboard_data.live_dashboard_data.summary.average_watch_seconds_per_audience count AS average_s,
--          live.live_dashboard_data.live_dashboard_data.summary.new_follow_uv count AS follow_uv,
--          live.live_distribution_channel.total_joinlive_count count AS views, live.live_ec_data_summary.new_comment_count count AS comments,
--          live.live_ec_data_summary.new_follow_count count AS follow_count, live.live_ec_data_summary.total_gmv fen! AS live_sales,
--          live.live_ec_data_summary.total_pay_pv count! AS orders, live.live_ec_data_summary.total_pay_uv count AS buyers,
--          live.live_ec_data_summary.total_create_pv count AS placed_orders, live.live_ec_data_summary.total_clk_pv count AS product_clicks,
--          live.live_ec_data_summary.total_clk_uv count AS product_click_users, live.live_ec_data_summary.total_exp_pv count AS product_impressions,
--          live.live_ec_data_summary.total_exp_uv count AS product_impression_users, live.live_ec_data_summary.refund_amount fen AS refunds,
--          live.live_ec_data_summary.refund_pv count AS refund_orders, live.single_live_ec_spu_data_page_v2.total_cnt count AS items
-- ignored: create_time, live.*
SELECT _row, $account AS account, started_at, CASE WHEN NOT coalesce(is_living, false) THEN started_at + to_seconds(duration_s) END AS ended_at,
       export_id AS session_id, $currency AS currency, duration_s, room_impression_users, viewers, views,
       (average_s * viewers)::DECIMAL(18, 4) AS watch_s, pcu, comments, coalesce(follow_count, follow_uv) AS new_followers, items,
       product_impression_users, product_impressions, product_click_users, product_clicks, buyers, orders, placed_orders, live_sales,
       refunds, refund_orders, CASE WHEN coalesce(is_living, false) THEN 10 ELSE 20 END AS status_rank
FROM raw
