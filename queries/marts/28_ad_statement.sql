-- mart: ad_statement
-- replace: all
-- grain: shop, source, account, day, report; what each report said of a day that was reported more than once, in its longest
--        attribution window; reports stored before these sums were kept are left out
-- reads: slice
SELECT shop, source, account, day, as_of, CASE WHEN row_count = 0 THEN 0 ELSE spend END AS spend,
       CASE WHEN row_count = 0 THEN 0 ELSE attributed_sales END AS attributed_sales
FROM slice
WHERE target = 'ad_day' AND is_clean AND (row_count = 0 OR spend IS NOT NULL)
QUALIFY count(DISTINCT as_of) OVER (PARTITION BY shop, source, account, day) > 1
