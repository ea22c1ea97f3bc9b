-- mart: live_script
-- replace: touched
-- grain: shop, account, sheet_at, minute, item_id; a row of a run sheet on the day its session is planned to start. Which session it
--        was is asked when it is shown: a sheet is there before its session
-- reads: live_event
SELECT e.shop, CAST(e.sheet_at AS DATE) AS day, coalesce(e.account, '') AS account, e.sheet_at,
       CAST(date_diff('minute', e.sheet_at, e.happened_at) AS INTEGER) AS minute, coalesce(e.item_id, '') AS item_id,
       e.link_no, e.text, e.segment, e.host, e.action, e.offer, e.duty
FROM live_event e
JOIN touched t ON t.shop = e.shop AND t.day = CAST(e.sheet_at AS DATE)
WHERE e.kind = 'script' AND e.sheet_at IS NOT NULL AND NOT coalesce(e.is_removed, FALSE)
  AND e.happened_at >= getvariable('first_day') AND e.happened_at < getvariable('end_day') + 1
