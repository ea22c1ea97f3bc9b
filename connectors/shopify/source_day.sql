-- Source:  ShopifyQL, FROM sessions GROUP BY day, referrer_source, human sessions only
-- Grain:   one row per day and referrer source; a person who came by two sources stands in both
-- Units:   people of one day. No source is '(none)': '' would be the whole store.
-- table:   source_day
-- columns: day day!, referrer_source text! AS level1, online_store_visitors count AS visitors
-- ignored: sessions
SELECT _row, $account AS account, coalesce(level1, '(none)') AS level1, day, false AS is_subtotal, visitors
FROM raw
