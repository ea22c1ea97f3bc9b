-- mart: period_figure
-- replace: touched
-- grain: shop, currency, metric, scope, period_kind, day, day_to; the platform's own figure for a week, month or range
-- reads: observation, mart.shop, mart.source, metric_source
WITH ranked AS (
    SELECT o.shop, coalesce(o.currency, s.currency) AS currency, o.metric, coalesce(o.scope, '') AS scope, o.period_kind, o.day, o.day_to,
           o.value, o.source, o.as_of,
           row_number() OVER (PARTITION BY o.shop, coalesce(o.currency, s.currency), o.metric, coalesce(o.scope, ''), o.period_kind, o.day, o.day_to
                              ORDER BY coalesce(m.rank, 99), coalesce(r.rank, 99), o.source, o.as_of DESC, o.account) AS place
    FROM observation o
    JOIN touched t ON t.shop = o.shop AND t.day = o.day
    JOIN mart.shop s ON s.shop = o.shop
    LEFT JOIN mart.source r ON r.source = o.source
    LEFT JOIN metric_source m ON m.metric = o.metric AND m.kind = r.kind
    WHERE o.day >= getvariable('first_day') AND o.day <= getvariable('last_day')
      AND o.period_kind IN ('week', 'month', 'range') AND o.value IS NOT NULL
)
SELECT shop, currency, metric, scope, period_kind, day, day_to, value, source, as_of
FROM ranked
WHERE place = 1
