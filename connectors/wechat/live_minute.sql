-- Source:  channels/livedashboard/getlivedata, live_dashboard_data.portrait.online_watch_uv
-- Grain:   one row per point of the curve of people online (step seconds apart, mostly a minute)
-- Units:   people. Only the curve without dimensions is the room's; those with are parts of it. Curves of new viewers are left alone: whether
--          they are running totals is not published.
-- table:   live_minute
-- each:    live.live_dashboard_data.live_dashboard_data.portrait.online_watch_uv
-- columns: points json, dimensions json, step count
-- ignored: export_id, create_time, live.*
WITH curves AS (
    SELECT _row, coalesce(step, 60)::INTEGER AS step, unnest(from_json(points, '[{"ts":"VARCHAR","value":"BIGINT"}]')) AS point
    FROM raw WHERE coalesce(json_array_length(dimensions), 0) = 0)
SELECT _row, $account AS account, parse_unix(point.ts, $zone) AS happened_at, step AS step_s, $currency AS currency, point.value AS online
FROM curves
