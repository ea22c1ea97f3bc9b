-- purpose: run sheets of a shop row by row: one that is opened, and the last one before it to copy
-- params:  shop VARCHAR, account VARCHAR, sheet_at TIMESTAMP
-- grain:   one row per planned minute and item of at most two sheets; is_before: of the latest sheet of this account (else of the shop) before
-- units:   minute: since the planned start
-- reads:   live_script
WITH before AS (
    SELECT account, sheet_at
    FROM live_script
    WHERE shop = $shop AND day <= CAST($sheet_at AS DATE) AND sheet_at < $sheet_at
    ORDER BY CASE WHEN account = $account THEN 0 ELSE 1 END, sheet_at DESC
    LIMIT 1
)
SELECT s.account, s.sheet_at, s.sheet_at < $sheet_at AS is_before, s.minute, s.item_id,
    coalesce(s.link_no, '') AS link_no, coalesce(s.text, '') AS text, coalesce(s.segment, '') AS segment, coalesce(s.host, '') AS host,
    coalesce(s.action, '') AS action, coalesce(s.offer, '') AS offer, coalesce(s.duty, '') AS duty
FROM live_script AS s
LEFT JOIN before AS b ON b.account = s.account AND b.sheet_at = s.sheet_at
WHERE s.shop = $shop AND ((s.account = $account AND s.sheet_at = $sheet_at) OR b.sheet_at IS NOT NULL)
ORDER BY s.sheet_at, s.minute, s.item_id
