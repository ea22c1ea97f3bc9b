-- Source:  v3.0/daily_reports/get, REPORT_LEVEL_ADVERTISER: the total that the ads are held against
-- Grain:   one row per account and day
-- Units:   as in ad_day.sql
-- table:   ad_day
-- columns: date day! AS day, cost number!, view_count count!, valid_click_count count AS clicks, order_pv count, order_uv count,
--          order_amount number!, live_stream_exp_uv count
-- ignored: account_id, ctr, cpc, thousand_display_price, order_roi
WITH rows AS (SELECT *, CASE $option_money_unit WHEN 'fen' THEN 0.01 WHEN 'yuan' THEN 1 END AS unit FROM raw)
SELECT _row, $account AS account, day, $option_time_line AS attribution, $currency AS currency,
       (cost * unit)::DECIMAL(18,4) AS spend, view_count AS impressions, clicks, (order_amount * unit)::DECIMAL(18,4) AS attributed_sales,
       order_pv AS attributed_orders, order_uv AS buyers, live_stream_exp_uv AS reach
FROM rows
