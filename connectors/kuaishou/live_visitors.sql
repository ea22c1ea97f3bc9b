-- Source:  open.live.shop.seller.real.uv
-- Grain:   the newest reading of a day; the platform does not say since when it counts, so it stands beside the shop's figures and adds to none
-- Units:   people
-- table:   observation
-- columns: realWatchUv count!
SELECT _row, $account AS account, 'live_watch_uv_now' AS metric, 'channel:直播间' AS scope, 'day' AS period_kind, $as_of::DATE AS day, $as_of::DATE AS day_to,
       NULL AS currency, realWatchUv AS value
FROM raw
