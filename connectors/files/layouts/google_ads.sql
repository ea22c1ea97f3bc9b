-- Source: Google Ads campaign report CSV: two title rows, header row 3, closing rows "Total: …".
-- Grain:  one row per campaign (ad group when chosen) and day.
-- Units:  Currency code of the row. Conversions may be fractions; their window is a setting of the advertiser, not in the file.
SELECT _row,
       $account AS account,
       coalesce("Campaign ID", "Campaign") AS campaign_id,
       coalesce("Ad group ID", "Ad group", '') AS ad_group_id,
       "Day" AS day,
       "Campaign" AS campaign,
       "Ad group" AS ad_group,
       coalesce("Currency code", $currency) AS currency,
       "Cost" AS spend,
       "Impr." AS impressions,
       "Clicks" AS clicks,
       "Conv. value" AS attributed_sales,
       "Conversions" AS attributed_orders
FROM raw
