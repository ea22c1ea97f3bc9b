-- purpose: the list of live sessions, newest first
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per session; its day is its start day
-- units:   money in currency; gpm_views: sales per 1,000 views; rates are fractions of people; duration_s, avg_watch_s in seconds
-- reads:   live_session
SELECT session, shop, platform, currency, account, account_name, title, day, started_at, ended_at, duration_s,
    ended_at IS NOT NULL AND ended_at::DATE > started_at::DATE AS is_past_midnight,
    viewers, views, pcu, acu,
    watch_s / nullif(views, 0) AS avg_watch_s,
    buyers, orders, live_sales,
    live_sales / nullif(views, 0) * 1000 AS gpm_views,
    live_sales / nullif(duration_s, 0) * 3600 AS sales_per_hour,
    buyers / nullif(product_click_users, 0) AS click_to_pay_rate,
    new_followers, refunds,
    refunds / nullif(live_sales, 0) AS refund_rate,
    ad_spend,
    live_sales / nullif(ad_spend, 0) AS sales_per_spend
FROM live_session
WHERE day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
ORDER BY started_at DESC, session
