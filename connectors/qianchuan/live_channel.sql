-- Source:  today_live/room/flow_performance/get of each room, AllEcomFlowSource
-- Grain:   one row per entry channel of a live session, named as the session's own export names it
-- Units:   times entered
-- table:   live_channel
-- columns: _parent.start_time at! AS started_at, _parent.aweme_id id! AS aweme, homepage_hot count!, homepage_follow count, homepage_fresh count,
--          other_recommend_live count, live_merge count, general_search count, video_to_live count, others_homepage count, douyin_shopping_center count,
--          activity count, touxi_saas count, live_pc_qian_chuan count!, live_xiao_dian_qian_chuan count, ecom_ad_third_qc_brand count, ecom_other count
WITH words(place, word) AS (VALUES
    ('homepage_hot', '推荐feed'), ('homepage_follow', '关注'), ('homepage_fresh', '同城'), ('other_recommend_live', '其他推荐场景'), ('live_merge', '直播广场'),
    ('general_search', '搜索'), ('video_to_live', '短视频引流'), ('others_homepage', '个人主页'), ('douyin_shopping_center', '抖音商城'), ('activity', '活动页'),
    ('touxi_saas', '头条西瓜'), ('live_pc_qian_chuan', '千川PC版'), ('live_xiao_dian_qian_chuan', '小店随心推'), ('ecom_ad_third_qc_brand', '千川品牌广告'),
    ('ecom_other', '其他')),
said AS (SELECT * FROM raw UNPIVOT (views FOR place IN (COLUMNS(* EXCLUDE (_row, started_at, aweme)))))
SELECT s._row, s.aweme AS account, s.started_at, 'channel' AS kind, w.word AS channel, s.views
FROM said s JOIN words w ON w.place = s.place
WHERE s.started_at IS NOT NULL
