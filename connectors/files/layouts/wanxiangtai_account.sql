-- Source: Wanxiangtai 账户 report, header as in a public warehouse DDL that mirrors it.
-- Grain:  one row per goal (优化目标), day and attribution: the same day stands once per 转化周期, so spend and sales are
--         never summed over attributions. The goal takes the campaign's place.
-- Units:  CNY. attribution holds the platform's own words: window, model, click or impression basis.
SELECT _row,
       $account AS account,
       coalesce("优化目标", '') AS campaign_id,
       "日期" AS day,
       concat_ws(' ', "转化周期", "效果模型", "统计口径") AS attribution,
       TRY_CAST(regexp_extract("转化周期", '(\d+)', 1) AS SMALLINT) AS attribution_days,
       "优化目标" AS campaign,
       $currency AS currency,
       "消耗" AS spend,
       "曝光量" AS impressions,
       "点击量" AS clicks,
       "总成交金额" AS attributed_sales,
       "直接成交金额" AS direct_sales,
       "间接成交金额" AS indirect_sales,
       "总成交笔数" AS attributed_orders,
       "直接成交笔数" AS direct_orders,
       "预售成交金额" AS presale_amount,
       "总加购量" AS cart_adds,
       "收藏量" AS favourites
FROM raw
