-- mart: promotion
-- replace: all
-- grain: promotion
-- reads: promotion
SELECT promotion, shop, name, phase, day, day_to
FROM promotion
