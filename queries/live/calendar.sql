-- purpose: live sessions per start day
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per day and currency with a session; a session belongs to the day it starts
-- units:   hours; live_sales in currency; a session without a stated figure is left out of its sum and counted in unknown_sales
-- reads:   live_session
SELECT day, currency, count(*) AS sessions,
    sum(duration_s) / 3600 AS hours,
    sum(live_sales) AS live_sales,
    count(*) FILTER (WHERE live_sales IS NULL) AS unknown_sales,
    sum(views) AS views
FROM live_session
WHERE day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
GROUP BY day, currency
ORDER BY day, currency
