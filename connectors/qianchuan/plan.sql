-- Source:  report/ad/get, daily
-- Grain:   one row per plan and day (千川 calls it ad_id; 全域推广 and 托管 plans are not in it)
-- Units:   yuan. attributed_sales is all of 7 days, direct and indirect; direct_sales is pay_order_amount
-- table:   ad_day
-- columns: ad_id id!, stat_datetime at!, stat_cost money!, show_cnt count!, click_cnt count!, pay_order_amount money!, prepay_order_amount money,
--          all_order_pay_gmv_7days money!, all_order_pay_count_7days count!, pay_order_count count, indirect_order_pay_gmv_7days money, dy_follow count,
--          total_play count
-- ignored: advertiser_id, ctr, cpm_platform, cpc_platform, create_order_*, prepay_*, pay_order_cost_per_order, all_order_pay_*, luban_*, live_*
SELECT _row, $account AS account, ad_id AS campaign_id, stat_datetime::DATE AS day, '7日总成交' AS attribution, 7 AS attribution_days, '标准推广' AS scene,
       $currency AS currency, stat_cost AS spend, show_cnt AS impressions, click_cnt AS clicks, all_order_pay_gmv_7days AS attributed_sales,
       pay_order_amount AS direct_sales, indirect_order_pay_gmv_7days AS indirect_sales, all_order_pay_count_7days AS attributed_orders,
       pay_order_count AS direct_orders, prepay_order_amount AS presale_amount, total_play AS video_views, dy_follow AS follows
FROM raw
