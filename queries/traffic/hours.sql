-- purpose: one shop's hours of a day beside another day
-- params:  shop VARCHAR, day DATE, day_before DATE
-- grain:   one row per day, metric and hour that a source states; an hour without a row is unknown, not zero
-- units:   value: people, orders or money in currency, by metric; hour 0-23 of the shop's own zone
-- reads:   shop_hour
SELECT day, hour, metric, currency, source, value
FROM shop_hour
WHERE shop = $shop AND (day = $day OR day = $day_before)
    AND metric IN ('visitors', 'sales', 'paid_orders', 'placed_amount')
ORDER BY metric, day, hour
