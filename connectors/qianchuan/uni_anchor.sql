-- Source:  report/uni_promotion/data/get by day and anchor
-- Grain:   one row per anchor and day: the money of 全域推直播 again, seen by anchor, so never added to it
-- Units:   yuan. Texts and ids are read from ValueStr (Value is a float that loses digits), figures from Value (ValueStr is written for the eye)
-- table:   ad_day
-- columns: dimensions.stat_time_day.ValueStr day! AS day, dimensions.anchor_id.ValueStr id! AS anchor,
--          dimensions.roi2_material_anchor_name.ValueStr text AS anchor_name, metrics.stat_cost_for_overall_roi2.Value money! AS spent,
--          metrics.total_pay_order_gmv_for_roi2_fork.Value money! AS paid, metrics.total_pay_order_count_for_roi2_fork.Value count! AS orders,
--          metrics.live_show_count_exclude_video_for_roi2.Value count AS shown
-- ignored: dimensions.*, metrics.*
SELECT _row, $account AS account, anchor AS campaign_id, anchor_name AS campaign, day, '整体支付' AS attribution, '全域推直播' AS scene,
       $currency AS currency, spent AS spend, shown AS impressions, orders AS attributed_orders, paid AS user_paid
FROM raw
