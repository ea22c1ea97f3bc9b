-- mart: purse_source
-- replace: touched
-- grain: shop, purse, day; the one report that answers for a purse: covered before stray, plan reports before item reports
-- reads: ad_day, mart.covered_day, mart.source, metric_source
WITH reported AS (
    SELECT a.shop, a.source, a.day, max(a.as_of) AS as_of
    FROM ad_day a
    JOIN touched t ON t.shop = a.shop AND t.day = a.day
    WHERE a.day >= getvariable('first_day') AND a.day <= getvariable('last_day')
    GROUP BY a.shop, a.source, a.day
),
covered AS (
    SELECT c.shop, c.source, c.day, c.state, c.as_of
    FROM mart.covered_day c JOIN touched t ON t.shop = c.shop AND t.day = c.day
    WHERE c.target = 'ad_day'
),
keys AS (SELECT shop, source, day FROM reported UNION SELECT shop, source, day FROM covered),
ranked AS (
    SELECT k.shop, coalesce(s.purse, k.source) AS purse, k.day, k.source, coalesce(s.kind, 'ads') AS kind,
           coalesce(c.state, 'stray') AS state, greatest(c.as_of, r.as_of) AS as_of,
           row_number() OVER (PARTITION BY k.shop, coalesce(s.purse, k.source), k.day
                              ORDER BY CASE WHEN c.state IS NULL THEN 1 ELSE 0 END, coalesce(m.rank, 99), coalesce(s.rank, 99), k.source) AS place
    FROM keys k
    LEFT JOIN covered c ON c.shop = k.shop AND c.source = k.source AND c.day = k.day
    LEFT JOIN reported r ON r.shop = k.shop AND r.source = k.source AND r.day = k.day
    LEFT JOIN mart.source s ON s.source = k.source
    LEFT JOIN metric_source m ON m.metric = 'spend' AND m.kind = s.kind
)
SELECT shop, purse, day, source, kind, state, place = 1 AS is_chosen, as_of
FROM ranked
