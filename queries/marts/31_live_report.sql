-- mart: live_report
-- replace: touched
-- grain: shop, source, account, started_at; one session as one report tells it; a minute file counts as a report of the
--        stretches it holds (a silence of more than half an hour ends one)
-- reads: live_session, live_minute, mart.source, metric_source
WITH wanted AS (SELECT DISTINCT t.shop, t.day, t.day - 1 AS day_before FROM touched t),
told AS (
    SELECT l.shop, l.source, coalesce(l.account, '') AS account, coalesce(l.account_name, '') AS account_name, l.started_at,
           CASE WHEN l.ended_at > l.started_at THEN l.ended_at
                WHEN l.duration_s > 0 THEN l.started_at + CAST(l.duration_s AS INTEGER) * INTERVAL 1 SECOND END AS ended_at,
           FALSE AS is_minutes
    FROM live_session l
    WHERE l.started_at >= getvariable('first_day') - 1 AND l.started_at < getvariable('end_day') + 1
),
minutes AS (
    SELECT m.shop, m.source, coalesce(m.account, '') AS account, m.happened_at, coalesce(m.step_s, 60) AS step_s,
           lag(m.happened_at) OVER (PARTITION BY m.shop, m.source, m.account ORDER BY m.happened_at) AS before_at
    FROM live_minute m
    WHERE m.happened_at >= getvariable('first_day') - 1 AND m.happened_at < getvariable('end_day') + 1
      AND m.shop IN (SELECT shop FROM wanted)
),
stretches AS (
    SELECT *, sum(CASE WHEN before_at IS NULL OR date_diff('second', before_at, happened_at) > greatest(1800, 2 * step_s) THEN 1 ELSE 0 END)
               OVER (PARTITION BY shop, source, account ORDER BY happened_at) AS stretch
    FROM minutes
),
reports AS (
    SELECT * FROM told
    UNION ALL
    SELECT shop, source, account, '' AS account_name, min(happened_at) AS started_at,
           max(happened_at) + max(step_s) * INTERVAL 1 SECOND AS ended_at, TRUE AS is_minutes
    FROM stretches
    GROUP BY shop, source, account, stretch
)
SELECT r.shop, CAST(r.started_at AS DATE) AS day, r.source, r.account, r.account_name, r.started_at,
       coalesce(r.ended_at, r.started_at + INTERVAL 10 MINUTE) AS ended_at, r.ended_at IS NOT NULL AS has_end, r.is_minutes,
       coalesce(m.rank, 99) * 1000 + coalesce(s.rank, 99) AS rank
FROM reports r
JOIN touched t ON t.shop = r.shop AND t.day = CAST(r.started_at AS DATE)
LEFT JOIN mart.source s ON s.source = r.source
LEFT JOIN metric_source m ON m.metric = 'live_sales' AND m.kind = CASE WHEN r.is_minutes THEN 'live_minutes' ELSE s.kind END
