-- purpose: the rooms that were on air lately, the latest first
-- params:  day_from DATE
-- grain:   one row per shop and account
-- units:   last_at: start of its last session, shop-local time; account_name: its name, else its id, else ''; account: its id, '' where no report states one
-- reads:   live_session
SELECT shop, coalesce(nullif(account_name, ''), account, '') AS account_name, coalesce(arg_max(account, started_at), '') AS account,
    max(started_at) AS last_at
FROM live_session
WHERE day >= $day_from
GROUP BY 1, 2
ORDER BY last_at DESC, shop
