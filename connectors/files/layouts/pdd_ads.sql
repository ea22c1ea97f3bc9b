-- Source: Pinduoduo promotion report (header row 2, last row 总计).
-- Grain:  one row per scene, promotion, item and day; the report has no campaign id, its scene and name stand for it.
-- Units:  CNY. spend is 总花费, not 成交花费. Where the stated total exceeds the rows, the rest is whole-shop hosting, which
--         belongs to no row: it shows as a difference of the stated total.
SELECT _row,
       $account AS account,
       concat_ws('/', "推广场景", "推广名称") AS campaign_id,
       "商品ID" AS item_id,
       "日期" AS day,
       "推广场景" AS scene,
       "推广名称" AS campaign,
       "分组" AS ad_group,
       "商品名称" AS title,
       $currency AS currency,
       "总花费(元)" AS spend,
       "曝光量" AS impressions,
       "点击量" AS clicks,
       "交易额(元)" AS attributed_sales
FROM raw
