-- mart: fx_rate
-- replace: all
-- grain: currency, display, day (valid from that day on)
-- reads: fx_rate
SELECT currency, display, day, rate
FROM fx_rate
WHERE NOT coalesce(is_removed, FALSE) AND rate IS NOT NULL
