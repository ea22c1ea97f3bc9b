-- Source: WeChat Channels 电商加热, a page table (no export is known).
-- Grain:  one row per boost order, booked on the day it started. Host and creation time share one cell, so do name and id.
-- Units:  CNY. 直播间曝光人数 are people: reach, never impressions. The table's GPM divides by them.
SELECT _row,
       trim(regexp_replace("加热主播与创建时间", '\s*\d{4}\s*[-/年].*$', '')) AS account,
       coalesce(nullif(regexp_extract("名称与编号", '(\d{6,})\s*$', 1), ''), "名称与编号") AS campaign_id,
       CAST("加热开始时间" AS DATE) AS day,
       '电商加热' AS scene,
       trim(regexp_replace("名称与编号", '\s*\d{6,}\s*$', '')) AS campaign,
       $currency AS currency,
       "总消耗" AS spend,
       "直播间曝光人数" AS reach,
       "总成交金额" AS attributed_sales
FROM raw
