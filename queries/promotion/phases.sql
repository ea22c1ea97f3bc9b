-- purpose: campaigns as typed, with the shop each line is for
-- params:  none
-- grain:   one row per campaign phase and shop
-- units:   day, day_to are calendar days, both included; shop '' is every shop
-- reads:   promotion
SELECT promotion, coalesce(shop, '') AS shop, name, coalesce(phase, '') AS phase, day, coalesce(day_to, day) AS day_to
FROM promotion
WHERE day IS NOT NULL AND name IS NOT NULL
ORDER BY day, name
