-- Source: TikTok GMV Max LIVE table; the English header translates the Indonesian one that was seen.
-- Grain:  one row per LIVE and campaign, booked on the day the LIVE was launched.
-- Units:  Currency of the row. Gross revenue is before refunds; its window is not stated.
SELECT _row,
       $account AS account,
       "Campaign ID" AS campaign_id,
       concat_ws(' ', "LIVE name", strftime("Launched time", '%Y-%m-%d %H:%M')) AS ad_id,
       CAST("Launched time" AS DATE) AS day,
       'GMV Max LIVE' AS scene,
       "Campaign name" AS campaign,
       "LIVE name" AS ad,
       coalesce("Currency", $currency) AS currency,
       "Cost" AS spend,
       "Gross revenue" AS attributed_sales,
       "SKU orders" AS attributed_orders,
       "LIVE views" AS video_views,
       "LIVE follows" AS follows
FROM raw
