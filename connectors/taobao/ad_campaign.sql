-- Source:  taobao.universalbp.report.query.campaign
-- Grain:   one row per campaign and day, for the attribution the account chose. The account report holds the same money.
-- Units:   the account's option money_unit (yuan, fen or li) on the wire, CNY here
-- table:   ad_day
-- columns: thedate day!, campaign_id id!, campaign_name text, scene1_name text, biz_code text, report_index.charge money!, report_index.ad_pv count,
--          report_index.click count, report_index.alipay_inshop_amt money!, report_index.alipay_dir_amt money, report_index.alipay_indir_amt money,
--          report_index.alipay_inshop_num count, report_index.cart_inshop_num count, report_index.col_num count, report_index.new_alipay_inshop_uv count
-- ignored: adgroup_id, promotion_id, bidword_id, report_index.*
WITH rows AS (SELECT *, CASE $option_money_unit WHEN 'yuan' THEN 1 WHEN 'fen' THEN 0.01 WHEN 'li' THEN 0.001 END AS unit FROM raw)
SELECT _row, $account AS account, campaign_id, thedate AS day, $option_unify_type || ' ' || $option_effect_equal AS attribution,
       $option_effect_equal::SMALLINT AS attribution_days, coalesce(scene1_name, biz_code) AS scene, campaign_name AS campaign, $currency AS currency,
       charge * unit AS spend, ad_pv AS impressions, click AS clicks, alipay_inshop_amt * unit AS attributed_sales, alipay_dir_amt * unit AS direct_sales,
       alipay_indir_amt * unit AS indirect_sales, alipay_inshop_num AS attributed_orders, cart_inshop_num AS cart_adds, col_num AS favourites,
       new_alipay_inshop_uv AS new_buyers
FROM rows
