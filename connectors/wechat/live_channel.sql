-- Source:  channels/livedashboard/getlivedata, live_distribution_channel
-- Grain:   one row per kind of traffic of a live session
-- Units:   fen on the wire, CNY here; uv are people, pv visits. gmv is the same money as the session's live_sales, split by channel.
-- table:   live_channel
-- each:    live.live_distribution_channel.live_dist_channel_source_stats
-- columns: ^live.live_dashboard_data.start_time unix_s! AS started_at, live_dst_channel_type text! AS type, gmv fen, uv count, pv count
-- ignored: export_id, create_time, live.*
SELECT _row, $account AS account, started_at, 'channel' AS kind,
       CASE type WHEN '1' THEN '自然流量' WHEN '2' THEN '加热流量' WHEN '3' THEN '广告流量' WHEN '4' THEN '公域流量' WHEN '5' THEN '私域流量' ELSE type END AS channel,
       $currency AS currency, uv AS viewers, pv AS views, gmv AS user_paid
FROM raw
