-- mart: live_log
-- replace: touched
-- grain: shop, account, at, kind; what people logged on air, on the day it happened, whether or not its session is known yet
-- reads: live_event
SELECT e.shop, CAST(e.happened_at AS DATE) AS day, e.happened_at AS "at", e.account, e.kind, e.link_no, e.text
FROM live_event e
JOIN touched t ON t.shop = e.shop AND t.day = CAST(e.happened_at AS DATE)
WHERE e.source = 'typed' AND e.kind <> 'script' AND NOT coalesce(e.is_removed, FALSE)
  AND e.happened_at >= getvariable('first_day') AND e.happened_at < getvariable('end_day')
