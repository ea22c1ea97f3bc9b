-- Source:  v3.0/daily_reports/get, REPORT_LEVEL_ADGROUP
-- Grain:   one row per ad (adgroup, the level right below the account) and day
-- Units:   what the account's option money_unit says, CNY here. view_count are impressions; live_stream_exp_uv are people: reach.
--          attribution is the time_line that was asked for: by which day orders are booked.
-- table:   ad_day
-- columns: date day! AS day, adgroup_id id!, adgroup_name text AS campaign, cost number!, view_count count!, valid_click_count count AS clicks,
--          order_pv count, order_uv count, order_amount number!, live_stream_exp_uv count
-- ignored: account_id, ctr, cpc, thousand_display_price, order_roi
WITH rows AS (SELECT *, CASE $option_money_unit WHEN 'fen' THEN 0.01 WHEN 'yuan' THEN 1 END AS unit FROM raw)
SELECT _row, $account AS account, adgroup_id AS campaign_id, day, $option_time_line AS attribution, campaign, $currency AS currency,
       (cost * unit)::DECIMAL(18,4) AS spend, view_count AS impressions, clicks, (order_amount * unit)::DECIMAL(18,4) AS attributed_sales,
       order_pv AS attributed_orders, order_uv AS buyers, live_stream_exp_uv AS reach
FROM rows
