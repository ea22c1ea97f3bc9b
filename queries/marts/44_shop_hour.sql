-- mart: shop_hour
-- replace: touched
-- grain: shop, currency, day, hour, metric; the platform's own hours, else the day's order list and the purses' chosen ad reports
-- reads: observation, order_head, ad_day, mart.shop, mart.source, mart.order_source, mart.purse_source, metric_source
WITH stated AS (
    SELECT o.shop, o.currency, o.day, o.hour, o.metric, o.source, sum(o.value) AS value
    FROM observation o
    JOIN touched t ON t.shop = o.shop AND t.day = o.day
    WHERE o.day >= getvariable('first_day') AND o.day <= getvariable('last_day')
      AND o.period_kind = 'hour' AND o.hour >= 0 AND coalesce(o.scope, '') = '' AND o.value IS NOT NULL
    GROUP BY o.shop, o.currency, o.day, o.hour, o.metric, o.source
),
chosen AS MATERIALIZED (SELECT o.* FROM mart.order_source o JOIN touched t ON t.shop = o.shop AND t.day = o.day WHERE o.target = 'order_head'),
paid AS (
    SELECT h.shop, h.currency, o.day, CAST(extract(hour FROM h.paid_at) AS SMALLINT) AS hour, o.source,
           CAST(sum(h.paid_amount) AS DECIMAL(18,4)) AS sales, CAST(count(*) AS DECIMAL(18,4)) AS paid_orders
    FROM order_head h
    JOIN chosen o ON o.shop = h.shop AND o.source = h.source AND o.day = CAST(h.paid_at AS DATE)
    WHERE h.paid_at >= getvariable('first_day') AND h.paid_at < getvariable('end_day')
      AND NOT coalesce(h.is_test OR h.is_gift OR h.is_brush, FALSE)
    GROUP BY h.shop, h.currency, o.day, extract(hour FROM h.paid_at), o.source
),
spent AS (
    SELECT a.shop, a.currency, a.day, a.hour, CAST(sum(a.spend) AS DECIMAL(18,4)) AS spend,
           CAST(sum(a.attributed_sales) AS DECIMAL(18,4)) AS attributed_sales
    FROM ad_day a
    JOIN mart.purse_source p ON p.shop = a.shop AND p.source = a.source AND p.day = a.day AND p.is_chosen
    JOIN touched t ON t.shop = a.shop AND t.day = a.day
    WHERE a.day >= getvariable('first_day') AND a.day <= getvariable('last_day')
      AND a.hour >= 0
    GROUP BY a.shop, a.currency, a.day, a.hour
),
hourly AS (
    SELECT a.shop, a.day, string_agg(DISTINCT a.source, '+' ORDER BY a.source) AS source
    FROM ad_day a
    JOIN mart.purse_source p ON p.shop = a.shop AND p.source = a.source AND p.day = a.day AND p.is_chosen
    WHERE a.day >= getvariable('first_day') AND a.day <= getvariable('last_day')
      AND a.hour >= 0
    GROUP BY a.shop, a.day
),
named AS (SELECT s.*, h.source FROM spent s JOIN hourly h ON h.shop = s.shop AND h.day = s.day),
figures AS (
    SELECT * FROM stated
    UNION ALL SELECT shop, currency, day, hour, metric, source, value FROM paid UNPIVOT (value FOR metric IN (sales, paid_orders))
    UNION ALL SELECT shop, currency, day, hour, metric, source, value FROM named UNPIVOT (value FOR metric IN (spend, attributed_sales))
),
ranked AS (
    SELECT f.shop, coalesce(f.currency, s.currency) AS currency, f.day, f.hour, f.metric, f.source, CAST(f.value AS DECIMAL(18,4)) AS value,
           dense_rank() OVER (PARTITION BY f.shop, f.day, f.metric ORDER BY coalesce(m.rank, 99), coalesce(r.rank, 99), f.source) AS place
    FROM figures f
    JOIN mart.shop s ON s.shop = f.shop
    LEFT JOIN mart.source r ON r.source = split_part(f.source, '+', 1)
    LEFT JOIN metric_source m ON m.metric = f.metric AND m.kind = r.kind
)
SELECT shop, currency, day, hour, metric, source, value
FROM ranked
WHERE place = 1
