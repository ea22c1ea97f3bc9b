-- purpose: when live sessions started and how long they ran, on their start day
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per session
-- units:   duration_s in seconds; times shop-local
-- reads:   live_session
SELECT shop, session, day, started_at, ended_at, duration_s
FROM live_session
WHERE day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
ORDER BY started_at, session
