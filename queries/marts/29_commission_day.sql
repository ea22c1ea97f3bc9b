-- mart: commission_day
-- replace: touched
-- grain: shop, currency, day; affiliate commission by settlement day, commission given back (negative rows) by its refund day
-- reads: commission, mart.shop, mart.covered_day
WITH settled AS (
    SELECT c.*, CAST(c.settled_at AS DATE) AS day
    FROM commission c
    WHERE c.settled_at >= getvariable('first_day') AND c.settled_at < getvariable('end_day')
      AND (c.refunded_at IS NULL OR c.commission >= 0)
    UNION ALL
    SELECT c.*, CAST(c.refunded_at AS DATE) AS day
    FROM commission c
    WHERE c.refunded_at >= getvariable('first_day') AND c.refunded_at < getvariable('end_day')
      AND c.commission < 0
    UNION ALL
    SELECT c.*, CAST(c.created_at AS DATE) AS day
    FROM commission c
    WHERE c.created_at >= getvariable('first_day') AND c.created_at < getvariable('end_day')
      AND c.settled_at IS NULL AND (c.refunded_at IS NULL OR c.commission >= 0)
),
covered AS (
    SELECT c.shop, s.currency, c.day, min(c.source) AS source, max(c.state) AS state, min(c.as_of) AS as_of
    FROM mart.covered_day c
    JOIN touched t ON t.shop = c.shop AND t.day = c.day
    JOIN mart.shop s ON s.shop = c.shop
    WHERE c.target = 'commission'
    GROUP BY c.shop, s.currency, c.day
),
added AS (
    SELECT c.shop, coalesce(c.currency, s.currency) AS currency, c.day, string_agg(DISTINCT c.source, '+' ORDER BY c.source) AS source,
           sum(c.commission) AS affiliate_commission, sum(c.service_fee) AS affiliate_service_fee,
           sum(CASE WHEN c.commission >= 0 THEN c.paid_amount ELSE 0 END) AS affiliate_sales, max(c.as_of) AS as_of
    FROM settled c
    JOIN touched t ON t.shop = c.shop AND t.day = c.day
    JOIN mart.shop s ON s.shop = c.shop
    GROUP BY c.shop, coalesce(c.currency, s.currency), c.day
),
keys AS (
    SELECT shop, currency, day FROM added
    UNION SELECT c.shop, c.currency, c.day FROM covered c
    WHERE NOT EXISTS (SELECT 1 FROM added f WHERE f.shop = c.shop AND f.day = c.day)
)
SELECT k.shop, coalesce(a.source, c.source) AS source, k.currency, k.day,
       CAST(coalesce(a.affiliate_commission, 0) AS DECIMAL(18,4)) AS affiliate_commission,
       CAST(coalesce(a.affiliate_service_fee, 0) AS DECIMAL(18,4)) AS affiliate_service_fee,
       CAST(coalesce(a.affiliate_sales, 0) AS DECIMAL(18,4)) AS affiliate_sales,
       coalesce(c.state, 'stray') AS state, greatest(c.as_of, a.as_of) AS as_of
FROM keys k
LEFT JOIN added a ON a.shop = k.shop AND a.currency = k.currency AND a.day = k.day
LEFT JOIN covered c ON c.shop = k.shop AND c.day = k.day
