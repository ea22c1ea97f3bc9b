-- purpose: the last hour of a day that any chosen shop has figures for (is 今日 possible?)
-- params:  day DATE, shops VARCHAR[] or NULL for all
-- grain:   one row
-- units:   hour 0-23 in the shop's zone, NULL without hourly data
-- reads:   shop_hour
SELECT max(hour) AS hour
FROM shop_hour
WHERE day = $day AND ($shops IS NULL OR list_contains($shops, shop))
