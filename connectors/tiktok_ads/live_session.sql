-- Source:  GET gmv_max/report/get/ by room and day, one LIVE GMV Max campaign at a time
-- Grain:   one row per LIVE that ads were shown for, its days and campaigns added up; a LIVE that began before the days asked for is left as it was
-- Units:   decimal text in the account's currency; duration as "14h 1m" or seconds. Views, orders and revenue of the ads are not those of the LIVE: not kept.
--          The report lists no LIVE without ads, so it answers for no day.
-- table:   live_session
-- covers:  nothing
-- columns: _asked.campaign_id id! AS campaign_id, dimensions.room_id id! AS room_id, dimensions.stat_time_day day! AS day, metrics.live_name text AS title,
--          metrics.live_status text AS live_status, metrics.live_launched_time at AS launched, metrics.live_duration duration_s AS duration, metrics.cost money! AS cost
-- ignored: _asked.*, dimensions.*, metrics.*
WITH rows AS (
    -- a row that moved to the next page while pages were turned is there twice
    SELECT * FROM raw WHERE launched IS NOT NULL AND launched::DATE >= $day_from::DATE
    QUALIFY row_number() OVER (PARTITION BY campaign_id, room_id, day ORDER BY _row DESC) = 1)
SELECT min(_row) AS _row, launched AS started_at, CASE WHEN bool_or(live_status = 'END') THEN launched + to_seconds(max(duration)) END AS ended_at,
       room_id AS session_id, arg_max(title, _row) AS title, $currency AS currency, CASE WHEN bool_or(live_status = 'END') THEN max(duration) END AS duration_s,
       sum(cost) AS ad_spend
FROM rows
GROUP BY room_id, launched
