-- Source: TikTok Ads Manager XLSX; last row "Total of n results".
-- Grain:  one row per campaign (ad group, ad when chosen) and day.
-- Units:  Currency of the row. "<5" is a masked small count: unknown, not zero. clicks are clicks to the destination.
SELECT _row,
       $account AS account,
       coalesce("Campaign ID", "Campaign name") AS campaign_id,
       coalesce("Ad group name", '') AS ad_group_id,
       coalesce("Ad name", '') AS ad_id,
       "Date" AS day,
       "Campaign name" AS campaign,
       "Ad group name" AS ad_group,
       "Ad name" AS ad,
       coalesce("Currency", $currency) AS currency,
       "Cost" AS spend,
       "Impressions" AS impressions,
       "Clicks (destination)" AS clicks,
       "Reach" AS reach,
       "2-second video views" AS video_views
FROM raw
