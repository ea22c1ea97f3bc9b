-- purpose: the list of live sessions, newest first, each beside the median sales of its account's seven sessions before it
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per session; its day is its start day; sessions of the last 180 days count as the ones before
-- units:   money in currency; gpm_views: sales per 1,000 views; rates are fractions of people; duration_s, avg_watch_s in seconds
-- reads:   live_session
WITH near AS (
    SELECT *,
        median(live_sales) OVER seven AS median_sales,
        count(live_sales) OVER seven AS sessions_before
    FROM live_session
    WHERE day BETWEEN $day_from - 180 AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
    WINDOW seven AS (
        PARTITION BY shop, coalesce(account, account_name, ''), currency
        ORDER BY started_at, session ROWS BETWEEN 7 PRECEDING AND 1 PRECEDING)
)
SELECT session, shop, platform, currency, account, account_name, title, day, started_at, ended_at, duration_s,
    ended_at IS NOT NULL AND ended_at::DATE > started_at::DATE AS is_past_midnight,
    viewers, views, pcu, acu,
    watch_s / nullif(views, 0) AS avg_watch_s,
    buyers, orders, live_sales,
    live_sales / nullif(views, 0) * 1000 AS gpm_views,
    live_sales / nullif(duration_s, 0) * 3600 AS live_sales_per_hour,
    buyers / nullif(product_click_users, 0) AS click_to_pay_rate,
    new_followers, refunds,
    refunds / nullif(live_sales, 0) AS live_refund_rate,
    ad_spend,
    median_sales, sessions_before
FROM near
WHERE day >= $day_from
ORDER BY started_at DESC, session
