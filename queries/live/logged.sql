-- purpose: the last events that people logged on air for a shop, newest first, whether or not their session is known yet
-- params:  shop VARCHAR, since TIMESTAMP
-- grain:   one row per event, at most 50
-- units:   at: shop-local time
-- reads:   live_log
SELECT "at", account, kind, coalesce(link_no, '') AS link_no, coalesce(text, '') AS text
FROM live_log
WHERE shop = $shop AND day >= CAST($since AS DATE) AND "at" >= $since
ORDER BY "at" DESC, kind
LIMIT 50
