-- mart: purse_day
-- replace: touched
-- grain: shop, purse, source, currency, day; each ad report added up in its longest attribution window; covered without rows is 0
-- reads: mart.shop, mart.purse_source, mart.campaign_day
WITH longest AS (
    -- a report that is not the purse's chosen one keeps its own longest window for the comparison
    SELECT c.shop, c.source, c.account, c.campaign_id, c.ad_group_id, c.day, max(c.attribution) AS attribution
    FROM mart.campaign_day c JOIN touched t ON t.shop = c.shop AND t.day = c.day
    WHERE NOT c.is_chosen
    GROUP BY c.shop, c.source, c.account, c.campaign_id, c.ad_group_id, c.day
),
added AS (
    SELECT c.shop, c.source, c.currency, c.day,
           sum(c.spend) AS spend, sum(c.impressions) AS impressions, sum(c.clicks) AS clicks,
           sum(c.attributed_sales) AS attributed_sales, sum(c.direct_sales) AS direct_sales, sum(c.attributed_orders) AS attributed_orders,
           sum(c.net_attributed_sales) AS net_attributed_sales, sum(c.refund_1h) AS refund_1h, sum(c.coupon_amount) AS coupon_amount,
           sum(c.cart_adds) AS cart_adds, sum(c.new_buyers) AS new_buyers, max(c.as_of) AS as_of
    FROM mart.campaign_day c
    JOIN touched t ON t.shop = c.shop AND t.day = c.day
    JOIN mart.purse_source p ON p.shop = c.shop AND p.source = c.source AND p.day = c.day
    LEFT JOIN longest l ON l.shop = c.shop AND l.source = c.source AND l.account = c.account AND l.campaign_id = c.campaign_id
                       AND l.ad_group_id = c.ad_group_id AND l.day = c.day
    WHERE c.is_chosen OR (NOT p.is_chosen AND c.attribution = l.attribution)
    GROUP BY c.shop, c.source, c.currency, c.day
)
SELECT p.shop, p.purse, p.source, coalesce(a.currency, s.currency) AS currency, p.day,
       CAST(CASE WHEN a.shop IS NULL THEN 0 ELSE a.spend END AS DECIMAL(18,4)) AS spend,
       CAST(CASE WHEN a.shop IS NULL THEN 0 ELSE a.impressions END AS DECIMAL(18,4)) AS impressions,
       CAST(CASE WHEN a.shop IS NULL THEN 0 ELSE a.clicks END AS DECIMAL(18,4)) AS clicks,
       CAST(CASE WHEN a.shop IS NULL THEN 0 ELSE a.attributed_sales END AS DECIMAL(18,4)) AS attributed_sales,
       CAST(a.direct_sales AS DECIMAL(18,4)) AS direct_sales,
       CAST(CASE WHEN a.shop IS NULL THEN 0 ELSE a.attributed_orders END AS DECIMAL(18,4)) AS attributed_orders,
       CAST(a.net_attributed_sales AS DECIMAL(18,4)) AS net_attributed_sales,
       CAST(a.refund_1h AS DECIMAL(18,4)) AS ad_refund_1h,
       CAST(a.coupon_amount AS DECIMAL(18,4)) AS ad_coupon_amount,
       CAST(a.cart_adds AS DECIMAL(18,4)) AS ad_cart_adds,
       CAST(a.new_buyers AS DECIMAL(18,4)) AS ad_new_buyers,
       p.is_chosen, p.state, greatest(p.as_of, a.as_of) AS as_of
FROM mart.purse_source p
JOIN touched t ON t.shop = p.shop AND t.day = p.day
JOIN mart.shop s ON s.shop = p.shop
LEFT JOIN added a ON a.shop = p.shop AND a.source = p.source AND a.day = p.day
