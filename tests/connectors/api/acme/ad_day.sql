-- Source:  a made-up platform, /ads
-- Grain:   one row per campaign, day and attribution
-- Units:   厘
-- table:   ad_day
-- columns: day day!, campaign id!, name text, basis text, spend li!, sales li
SELECT _row, $account AS account, campaign AS campaign_id, name AS campaign, day, basis AS attribution, $currency AS currency, spend, sales AS attributed_sales
FROM raw
