-- Source: Sycm 店铺来源 明细, sheets 全店流量来源 and 分载体流量来源.
-- Grain:  one row per carrier and source path; the day stands only in the file name, and a file over several days is
--         refused because its figures belong to no single day.
-- Units:  CNY, people. 汇总 below a row's own depth becomes ''. A row is a subtotal when the file also holds rows below
--         it; visitors of the children do not add up to it, since a person comes by several ways. Carrier '' = whole shop.
WITH rows AS (
    SELECT * FROM raw
    UNION ALL BY NAME
    SELECT * FROM carriers),
paths AS (
    SELECT * EXCLUDE ("流量载体", "一级来源", "二级来源", "三级来源", "四级来源"),
           CASE WHEN "流量载体" IN ('全店流量', '汇总') THEN '' ELSE coalesce("流量载体", '') END AS carrier,
           CASE WHEN "一级来源" = '汇总' THEN '' ELSE coalesce("一级来源", '') END AS level1,
           CASE WHEN "二级来源" = '汇总' THEN '' ELSE coalesce("二级来源", '') END AS level2,
           CASE WHEN "三级来源" = '汇总' THEN '' ELSE coalesce("三级来源", '') END AS level3,
           CASE WHEN "四级来源" = '汇总' THEN '' ELSE coalesce("四级来源", '') END AS level4
    FROM rows),
parents AS (
    SELECT DISTINCT carrier, parent
    FROM (SELECT carrier, unnest([
              CASE WHEN level1 <> '' THEN ['', '', ''] END,
              CASE WHEN level2 <> '' THEN [level1, '', ''] END,
              CASE WHEN level3 <> '' THEN [level1, level2, ''] END,
              CASE WHEN level4 <> '' THEN [level1, level2, level3] END]) AS parent
          FROM paths)
    WHERE parent IS NOT NULL)
SELECT _row,
       $account AS account,
       p.carrier, level1, level2, level3, level4,
       CASE WHEN coalesce($day_to, $day_from) = $day_from THEN CAST($day_from AS DATE) END AS day,
       level4 = '' AND q.parent IS NOT NULL AS is_subtotal,
       level1 LIKE '%付费%' OR level1 LIKE '广告%' AS is_paid,
       $currency AS currency,
       "访客数" AS visitors,
       "新访客" AS new_visitors,
       "平均停留时长" * "访客数" AS stay_s,
       "加购人数" AS cart_users,
       "加购件数" AS cart_units,
       "商品收藏人数" AS fav_users,
       "关注店铺人数" AS follow_users,
       "下单买家数" AS placed_buyers,
       "下单金额" AS placed_amount,
       "支付买家数" AS paying_buyers,
       "支付金额" AS sales
FROM paths p
LEFT JOIN parents q ON q.carrier = p.carrier AND q.parent = [level1, level2, level3]
