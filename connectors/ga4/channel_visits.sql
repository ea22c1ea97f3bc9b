-- Source:  runReport by date and sessionDefaultChannelGroup
-- Grain:   one figure per day and channel: visits (sessions); a session has one channel, so these add up to the day's
-- Units:   sessions
-- table:   observation
-- columns: date day! AS day, sessionDefaultChannelGroup text! AS channel, sessions count! AS visits
-- ignored: metadata.*
SELECT _row, $account AS account, 'visits' AS metric, 'channel:' || channel AS scope, 'day' AS period_kind, day, day AS day_to, visits AS value
FROM raw
