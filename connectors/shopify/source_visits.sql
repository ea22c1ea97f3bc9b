-- Source:  ShopifyQL, FROM sessions GROUP BY day, referrer_source, human sessions only
-- Grain:   one row per day and referrer source, scope channel:SOURCE
-- Units:   sessions
-- table:   observation
-- columns: day day!, referrer_source text! AS level1, sessions count!
-- ignored: online_store_visitors
SELECT _row, $account AS account, 'visits' AS metric, 'channel:' || coalesce(level1, '(none)') AS scope, 'day' AS period_kind, day, day AS day_to, sessions AS value
FROM raw
