-- Source:  GET /analytics/202510/shop/performance/{date}/performance_per_hour
-- Grain:   one figure of the shop per hour and metric; hours not yet known have no row
-- Units:   money in gmv's currency; sales is GMV. Whether an hour's visitors are its own or all so far is not published: not kept.
-- table:   observation
-- columns: _asked.from day! AS day, index count!, known_until unix_s, gmv.amount money! AS gmv, gmv.currency text! AS currency, items_sold count, customers count
-- ignored: _asked.*, visitors
WITH figures AS (
    SELECT _row, day, index::SMALLINT AS hour, currency, gmv AS sales, items_sold AS units, customers AS paying_buyers
    FROM raw WHERE known_until IS NULL OR day + index::INTEGER * INTERVAL 1 HOUR < known_until)
SELECT _row, $account AS account, metric, '' AS scope, 'hour' AS period_kind, day, day AS day_to, hour, currency, value
FROM (UNPIVOT figures ON COLUMNS(* EXCLUDE (_row, day, hour, currency)) INTO NAME metric VALUE value)
