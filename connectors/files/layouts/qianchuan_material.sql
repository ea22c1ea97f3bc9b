-- Source: Qianchuan 素材日报 (inline-string XLSX, 15 columns).
-- Grain:  one row per creative; the day stands only in the file name, and a file over several days is refused.
-- Units:  CNY. The same money as the 全域推 reports, seen by creative: never add them. The AIGC row has no 素材ID but is
--         real spend: its name stands for the id. Net = after refunds within one hour.
SELECT _row,
       $account AS account,
       coalesce("素材ID", "素材名称") AS ad_id,
       CASE WHEN coalesce($day_to, $day_from) = $day_from THEN CAST($day_from AS DATE) END AS day,
       "素材名称" AS ad,
       $currency AS currency,
       "整体消耗" AS spend,
       "整体展示次数" AS impressions,
       "整体点击次数" AS clicks,
       "整体成交金额" AS attributed_sales,
       "整体成交订单数" AS attributed_orders,
       "净成交金额" AS net_attributed_sales,
       "净成交订单数" AS net_attributed_orders,
       "整体成交金额" - "净成交金额" AS refund_1h
FROM raw
