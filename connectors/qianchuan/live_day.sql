-- Source:  report/live/get, one account (aweme_id) and one day at a time
-- Grain:   one figure per account, day and metric, over the rooms that began that day: beside the sessions, never added to them
-- Units:   yuan, times watched, orders; the whole room's, organic ones included
-- table:   observation
-- columns: _asked.from day! AS day, _asked.aweme_id id! AS aweme, live_pay_order_gmv_alias money! AS live_sales, live_pay_order_count_alias count! AS live_orders,
--          total_live_watch_cnt count! AS live_views, total_live_follow_cnt count AS new_followers, total_live_comment_cnt count AS live_comments,
--          stat_cost money! AS live_ad_spend
-- ignored: qualification_stat_cost, click_cnt, ctr, cpm_platform, cpc_platform, live_*, luban_*, ad_live_*, total_live_*
SELECT _row, $account AS account, metric, 'account:' || aweme AS scope, 'day' AS period_kind, day, day AS day_to, $currency AS currency, value
FROM (SELECT _row, day, aweme, live_sales, live_orders::DECIMAL(18,4) AS live_orders, live_views::DECIMAL(18,4) AS live_views,
             new_followers::DECIMAL(18,4) AS new_followers, live_comments::DECIMAL(18,4) AS live_comments, live_ad_spend FROM raw)
     UNPIVOT (value FOR metric IN (live_sales, live_orders, live_views, new_followers, live_comments, live_ad_spend))
