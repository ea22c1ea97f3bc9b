-- Source:  googleAds:searchStream, FROM customer, segments.date: the total that campaigns are held against
-- Grain:   one row per day
-- Units:   micros of customer.currencyCode; conversionsValue is in whole units. Conversions may be fractions and lie on the day of the click.
-- table:   ad_day
-- columns: segments.date day! AS day, customer.currencyCode text! AS currency, metrics.costMicros micros! AS spend,
--          metrics.impressions count AS impressions, metrics.clicks count AS clicks, metrics.conversions count AS conversions,
--          metrics.conversionsValue money AS conversions_value
-- ignored: customer.*, metrics.*, segments.*
SELECT _row, $account AS account, day, currency, spend, impressions, clicks, conversions_value AS attributed_sales, conversions AS attributed_orders
FROM raw
