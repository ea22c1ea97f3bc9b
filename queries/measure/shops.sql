-- purpose: the shops a metric was asked for, so that one without figures is shown as a gap
-- params:  shops VARCHAR[] (NULL = all)
-- grain:   one row per shop
-- units:   none
-- reads:   shop
SELECT shop, platform, currency
FROM shop
WHERE $shops IS NULL OR list_contains($shops, shop)
ORDER BY shop
