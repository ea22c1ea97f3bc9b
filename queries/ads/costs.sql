-- purpose: the typed costs of shops and items, newest first, for the table people edit
-- params:  shops VARCHAR[] NULL
-- grain:   one row per shop, item ('' is the whole shop) and day from which the costs hold
-- units:   margin_rate, fee_rate are fractions; freight_per_order in currency; NULL: not typed on that day (an earlier row still holds)
-- reads:   cost
SELECT shop, item_id, day,
    max(value) FILTER (WHERE kind = 'margin_rate') AS margin_rate,
    max(value) FILTER (WHERE kind = 'fee_rate') AS fee_rate,
    max(value) FILTER (WHERE kind = 'freight_per_order') AS freight_per_order,
    max(currency) AS currency
FROM cost
WHERE kind IN ('margin_rate', 'fee_rate', 'freight_per_order') AND ($shops IS NULL OR list_contains($shops, shop))
GROUP BY shop, item_id, day
ORDER BY shop, item_id, day DESC
