-- Source:  channels/ec/compass/shop/live/list/get, one 视频号 and day at a time
-- Grain:   one row per live session; only its start, length and title are given
-- Units:   live_time is Unix seconds as text on the published pages, a local time in older answers: both are read. live_duration in seconds.
-- table:   live_session
-- columns: live_id text!, live_title text, live_time text!, live_duration count, _asked.finder_id text
-- ignored: live_cover_img_url
WITH sessions AS (SELECT *, CASE WHEN regexp_full_match(live_time, '\d{9,}') THEN parse_unix(live_time, $zone) ELSE parse_at(live_time) END AS began FROM raw)
SELECT _row, finder_id AS account, began AS started_at, began + to_seconds(live_duration) AS ended_at, live_id AS session_id,
       nullif(live_title, '') AS title, $currency AS currency, live_duration AS duration_s
FROM sessions
