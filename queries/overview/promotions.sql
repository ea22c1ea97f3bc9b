-- purpose: campaigns typed for the chosen shops (or for all shops), with their days
-- params:  shops VARCHAR[] or NULL for all
-- grain:   one row per campaign phase
-- units:   day, day_to are calendar days, both included
-- reads:   promotion
SELECT name, phase, day, day_to
FROM promotion
WHERE $shops IS NULL OR coalesce(shop, '') = '' OR list_contains($shops, shop)
ORDER BY day, name
