-- Source: the same workbook as compass_session_detail.sql, sheets 渠道分析 and 短视频引流.
-- Grain:  one row per traffic channel (kind channel) and per lead-in video (kind video) of the session; 整体 is no channel.
-- Units:  CNY, people, times; viewers of several channels overlap and do not add up to the session's.
SELECT c._row,
       b."抖音号or火山号" AS account,
       range_from(b."直播时间") AS started_at,
       'channel' AS kind,
       c."渠道名称" AS channel,
       $currency AS currency,
       c."观看人数" AS viewers,
       c."观看次数" AS views,
       c."人均观看时长" * c."观看次数" AS watch_s,
       c."成交订单数" AS orders,
       c."用户支付金额" AS user_paid,
       c."千川消耗" AS ad_spend,
       NULL AS impressions
FROM raw b, channels c
WHERE c."渠道名称" NOT IN ('整体', '汇总', '总计')
UNION ALL
SELECT s._row, b."抖音号or火山号", range_from(b."直播时间"), 'video', s."短视频名称", $currency,
       NULL, s."短视频引流直播间次数", NULL, NULL, NULL, NULL, s."短视频直播入口曝光次数"
FROM raw b, videos s
