-- Source: TikTok Shop LIVE analysis XLSX, two rows above the header; headers are localised and carry the currency.
-- Grain:  one row per LIVE; the end is its launch plus its duration.
-- Units:  the header's currency. Average viewing time is taken per view: watch_s = average x views.
SELECT _row,
       "Creator ID" AS account,
       "Launched Time" AS started_at,
       "Launched Time" + to_seconds("Duration") AS ended_at,
       coalesce("Nickname", "Creator") AS account_name,
       $currency AS currency,
       "Duration" AS duration_s,
       "Viewers" AS viewers,
       "Views" AS views,
       "Avg. Viewing Duration" * "Views" AS watch_s,
       "PCU" AS pcu,
       "ACU" AS acu,
       "Comments" AS comments,
       "Likes" AS likes,
       "Shares" AS shares,
       "New Followers" AS new_followers,
       "Products" AS items,
       "Product Impressions" AS product_impressions,
       "Product Clicks" AS product_clicks,
       "Buyers" AS buyers,
       "Orders Paid" AS orders,
       "Orders Created" AS placed_orders,
       "Unit Sales" AS units,
       "Revenue" AS live_sales
FROM raw
