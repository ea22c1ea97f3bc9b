-- mart: order_source
-- replace: touched
-- grain: shop, day; the one order list that answers for the day: covered before stray, orders before order lines
-- reads: mart.order_day, mart.line_day, mart.source, metric_source
WITH listed AS (
    SELECT o.shop, o.source, o.day, o.state, 'order_head' AS target, o.masked_orders, o.as_of
    FROM mart.order_day o JOIN touched t ON t.shop = o.shop AND t.day = o.day
    UNION ALL
    SELECT l.shop, l.source, l.day, l.state, 'order_line' AS target, NULL AS masked_orders, l.as_of
    FROM mart.line_day l JOIN touched t ON t.shop = l.shop AND t.day = l.day
    WHERE NOT EXISTS (SELECT 1 FROM mart.order_day o WHERE o.shop = l.shop AND o.source = l.source AND o.day = l.day)
),
ranked AS (
    SELECT l.shop, l.day, l.source, coalesce(s.kind, 'other') AS kind, l.target, l.state,
           sum(l.masked_orders) AS masked_orders, max(l.as_of) AS as_of,
           row_number() OVER (PARTITION BY l.shop, l.day ORDER BY CASE WHEN l.state = 'stray' THEN 1 ELSE 0 END,
                              coalesce(min(m.rank), 99), l.target, coalesce(min(s.rank), 99), l.source) AS place
    FROM listed l
    LEFT JOIN mart.source s ON s.source = l.source
    LEFT JOIN metric_source m ON m.metric = 'sales' AND m.kind = s.kind
    GROUP BY l.shop, l.day, l.source, s.kind, l.target, l.state
)
SELECT shop, day, source, kind, target, CASE WHEN state = 'ok' THEN 'ok' ELSE 'partial' END AS state, masked_orders, as_of
FROM ranked
WHERE place = 1
