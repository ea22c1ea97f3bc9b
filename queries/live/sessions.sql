-- purpose: the list of live sessions, newest first, each beside the median sales of its account's seven sessions before it
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per session; its day is its start day; sessions of the 180 days before count as the ones before
-- units:   money in currency; gpm_views: sales per 1,000 views; rates are fractions of people; duration_s, avg_watch_s in seconds
-- reads:   live_session
WITH sessions AS (
    SELECT *,
        [lag(live_sales, 1) OVER w, lag(live_sales, 2) OVER w, lag(live_sales, 3) OVER w, lag(live_sales, 4) OVER w,
         lag(live_sales, 5) OVER w, lag(live_sales, 6) OVER w, lag(live_sales, 7) OVER w] AS seven
    FROM live_session
    WHERE day BETWEEN $day_from::DATE - 180 AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
    WINDOW w AS (PARTITION BY shop, coalesce(account, account_name, ''), currency ORDER BY started_at, session)
)
SELECT session, shop, currency, account, account_name, title, day, started_at, ended_at, duration_s,
    ended_at IS NOT NULL AND ended_at::DATE > started_at::DATE AS is_past_midnight,
    viewers, views, pcu, acu, watch_s / nullif(views, 0) AS avg_watch_s, buyers, orders, live_sales,
    live_sales / nullif(views, 0) * 1000 AS gpm_views,
    live_sales / nullif(duration_s, 0) * 3600 AS live_sales_per_hour,
    buyers / nullif(product_click_users, 0) AS click_to_pay_rate,
    new_followers, refunds, ad_spend,
    list_aggregate(seven, 'median') AS median_sales, list_aggregate(seven, 'count') AS sessions_before
FROM sessions
WHERE day >= $day_from
ORDER BY started_at DESC, session
