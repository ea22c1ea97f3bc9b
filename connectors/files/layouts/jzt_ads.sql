-- Source: JD Jingzhuntong report, 43 columns (newer files say 花费 and 营销场景).
-- Grain:  one row per advertiser, campaign, unit, creative, followed SKU and day; finer splits (audience, brand) are summed.
-- Units:  CNY. 订单行 are order lines, not orders. The basis (click or order, 1/15/30 days) is a setting of the download
--         that the file does not carry, so attribution stays empty. A bare 0 as id or name means "not split by this".
SELECT min(_row) AS _row,
       coalesce("账户名称", $account) AS account,
       "计划ID" AS campaign_id,
       CASE WHEN "单元ID" <> '0' THEN "单元ID" ELSE '' END AS ad_group_id,
       CASE WHEN "创意ID" <> '0' THEN "创意ID" ELSE '' END AS ad_id,
       CASE WHEN "跟单SKU ID" <> '0' THEN "跟单SKU ID" ELSE '' END AS item_id,
       "日期" AS day,
       max("产品线") AS scene,
       max("推广计划") AS campaign,
       max(nullif("推广单元", '0')) AS ad_group,
       max(nullif("推广创意", '0')) AS ad,
       $currency AS currency,
       sum("总费用") AS spend,
       sum("展现数") AS impressions,
       sum("点击数") AS clicks,
       sum("总订单金额") AS attributed_sales,
       sum("直接订单金额") AS direct_sales,
       sum("间接订单金额") AS indirect_sales,
       sum("总订单行") AS attributed_orders,
       sum("直接订单行") AS direct_orders,
       sum("预售订单金额") AS presale_amount,
       sum("总购物车数") AS cart_adds,
       sum("商品关注数") AS favourites,
       sum("下单新客数") AS new_buyers,
       sum("店铺关注数") AS follows
FROM raw
GROUP BY 2, 3, 4, 5, 6, 7
