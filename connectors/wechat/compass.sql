-- Source:  channels/ec/compass/shop/overall/get, one day at a time, from the day after
-- Grain:   one figure of the whole shop per day and metric
-- Units:   fen as text on the wire, CNY here; people. Of pay_order_cnt and pay_refund_gmv the published pages contradict each other: they are
--          kept under the platform's own names and feed no metric, as does product_click_uv, for which there is none.
-- table:   observation
-- covers:  day
-- columns: _asked.from day! AS day, pay_gmv fen! AS sales, pay_uv count! AS paying_buyers, live_pay_gmv fen AS live_sales, feed_pay_gmv fen,
--          pay_order_cnt count, pay_refund_gmv fen, product_click_uv count
WITH figures AS (SELECT _row, day, COLUMNS(* EXCLUDE (_row, day))::DECIMAL(18, 4) FROM raw)
SELECT _row, $account AS account, metric, 'day' AS period_kind, day, day AS day_to, $currency AS currency, value
FROM (UNPIVOT figures ON COLUMNS(* EXCLUDE (_row, day)) INTO NAME metric VALUE value)
