-- Source: Meta Ads Manager CSV; columns are the user's choice, the currency stands in the header of Amount spent
--         and is taken from there.
-- Grain:  one row per campaign (ad set, ad when chosen) and day, under one attribution setting.
-- Units:  the header's currency. A blank means none was counted, not zero. Reach is distinct people and never added.
SELECT _row,
       coalesce("Account name", $account) AS account,
       coalesce("Campaign ID", "Campaign name") AS campaign_id,
       coalesce("Ad set ID", "Ad set name", '') AS ad_group_id,
       coalesce("Ad ID", "Ad name", '') AS ad_id,
       "Day" AS day,
       coalesce("Attribution setting", '') AS attribution,
       TRY_CAST(regexp_extract("Attribution setting", '(\d+)-day click', 1) AS SMALLINT) AS attribution_days,
       "Campaign name" AS campaign,
       "Ad set name" AS ad_group,
       "Ad name" AS ad,
       $currency AS currency,
       "Amount spent" AS spend,
       "Impressions" AS impressions,
       coalesce("Link clicks", "Clicks (all)") AS clicks,
       "Purchases conversion value" AS attributed_sales,
       "Purchases" AS attributed_orders,
       "Reach" AS reach
FROM raw
