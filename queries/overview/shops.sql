-- purpose: shops in scope and how their days and money are read
-- params:  none
-- grain:   one row per shop
-- units:   zone is an IANA name; name falls back to the shop's id
-- reads:   shop
SELECT shop, coalesce(nullif(name, ''), shop) AS name, coalesce(platform, 'other') AS platform, currency, zone
FROM shop
ORDER BY shop
