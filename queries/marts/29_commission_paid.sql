-- mart: commission_paid
-- replace: touched
-- grain: shop, currency, day on which the orders were paid; affiliate commission and service fee of these orders: estimated while
--        a line is open, as settled afterwards; commission that was given back is on its own day in commission_day
-- reads: commission, mart.shop
SELECT c.shop, coalesce(c.currency, s.currency) AS currency, CAST(c.created_at AS DATE) AS day,
       string_agg(DISTINCT c.source, '+' ORDER BY c.source) AS source,
       CAST(sum(c.commission) AS DECIMAL(18,4)) AS commission, CAST(sum(coalesce(c.service_fee, 0)) AS DECIMAL(18,4)) AS service_fee,
       CAST(coalesce(sum(c.commission) FILTER (WHERE c.settled_at IS NOT NULL), 0) AS DECIMAL(18,4)) AS settled,
       count(*) FILTER (WHERE c.settled_at IS NULL) AS open_lines, max(c.as_of) AS as_of
FROM commission c
JOIN touched t ON t.shop = c.shop AND t.day = CAST(c.created_at AS DATE)
JOIN mart.shop s ON s.shop = c.shop
WHERE c.created_at >= getvariable('first_day') AND c.created_at < getvariable('end_day') AND c.commission >= 0
GROUP BY c.shop, coalesce(c.currency, s.currency), CAST(c.created_at AS DATE)
