-- Source:  googleAds:searchStream, FROM campaign, segments.date, removed campaigns too
-- Grain:   one row per campaign and day
-- Units:   micros of customer.currencyCode; conversionsValue is in whole units. Conversions may be fractions and lie on the day of the click;
--          their window is a setting of the advertiser and not in the row.
-- table:   ad_day
-- columns: campaign.id id! AS campaign_id, campaign.name text AS campaign, campaign.advertisingChannelType text AS scene,
--          segments.date day! AS day, customer.currencyCode text! AS currency, metrics.costMicros micros! AS spend,
--          metrics.impressions count AS impressions, metrics.clicks count AS clicks, metrics.conversions count AS conversions,
--          metrics.conversionsValue money AS conversions_value
-- ignored: customer.*, campaign.*, metrics.*, segments.*
SELECT _row, $account AS account, campaign_id, day, scene, campaign, currency, spend, impressions, clicks,
       conversions_value AS attributed_sales, conversions AS attributed_orders
FROM raw
