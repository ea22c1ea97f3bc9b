-- Source:  act_{id}/insights, level=campaign, time_increment=1
-- Grain:   one row per campaign, day and attribution window that was asked for
-- Units:   account_currency of the row. Clicks are clicks on the link, as in the export file; `clicks` of the API are clicks on anything.
--          Credited figures are those of the one action type that the account names: an absent list or window says nothing. Spend is the
--          same in every window. Reach is distinct people of the day and never added.
-- table:   ad_day
-- columns: campaign_id id!, campaign_name text AS campaign, date_start day! AS day, account_currency text! AS currency, spend money!,
--          impressions count!, inline_link_clicks count AS clicks, reach count, actions json, action_values json
-- ignored: account_id, date_stop, clicks, frequency, cpc, cpm, ctr, purchase_roas, purchase_roas.*, actions.*, action_values.*
WITH windows AS (SELECT trim(unnest(string_split($option_attribution, ','))) AS attribution),
credited AS (
    SELECT r.*, w.attribution,
           list_filter(from_json(actions, '["JSON"]'), lambda a : a ->> 'action_type' = $option_action_type)[1] AS orders,
           list_filter(from_json(action_values, '["JSON"]'), lambda a : a ->> 'action_type' = $option_action_type)[1] AS sales
    FROM raw r CROSS JOIN windows w)
SELECT _row, $account AS account, campaign_id, day, attribution,
       TRY_CAST(regexp_extract(attribution, '^(\d+)d_', 1) AS SMALLINT) AS attribution_days,
       campaign, currency, spend, impressions, clicks,
       TRY_CAST(json_extract_string(sales, '$."' || attribution || '"') AS DECIMAL(18,4)) AS attributed_sales,
       TRY_CAST(json_extract_string(orders, '$."' || attribution || '"') AS DECIMAL(18,4)) AS attributed_orders,
       reach
FROM credited
