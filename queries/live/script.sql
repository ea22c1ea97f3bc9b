-- purpose: the run sheet of one live session, row by row
-- params:  shops VARCHAR[] NULL, session VARCHAR
-- grain:   one row per planned minute and item; of the sheets planned within three hours of the session's start, for its account or for
--          none, the nearest one; a sheet belongs to the session nearest to it alone
-- units:   minute: since the planned start sheet_at; until: of the next row, NULL for the last
-- reads:   live_script, live_session, live_item
WITH asked AS (
    SELECT shop, session, day
    FROM live_session
    WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))
    ORDER BY shop
    LIMIT 1
), sheets AS (
    SELECT DISTINCT s.shop, s.account, s.sheet_at
    FROM live_script AS s
    JOIN asked AS a ON a.shop = s.shop AND s.day BETWEEN a.day - 1 AND a.day + 1
), pairs AS (
    SELECT h.account, h.sheet_at, l.session, abs(date_diff('second', h.sheet_at, l.started_at)) AS apart,
        CASE WHEN h.account = '' THEN 1 ELSE 0 END AS nameless
    FROM sheets AS h
    JOIN asked AS a ON a.shop = h.shop
    JOIN live_session AS l ON l.shop = a.shop AND l.day BETWEEN a.day - 2 AND a.day + 2
        AND abs(date_diff('second', h.sheet_at, l.started_at)) <= 10800
        AND (h.account = '' OR h.account = l.account OR h.account = l.account_name)
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY account, sheet_at ORDER BY apart, session) AS place_of_session,
        row_number() OVER (PARTITION BY session ORDER BY nameless, apart, sheet_at) AS place_of_sheet
    FROM pairs
), found AS (
    SELECT account, sheet_at FROM ranked
    WHERE session = $session AND place_of_session = 1
    QUALIFY row_number() OVER (ORDER BY place_of_sheet) = 1
)
SELECT s.account, s.sheet_at, s.minute, lead(s.minute) OVER (ORDER BY s.minute, s.item_id) AS until, s.item_id,
    coalesce(s.link_no, '') AS link_no, coalesce(s.text, '') AS text, coalesce(s.segment, '') AS segment, coalesce(s.host, '') AS host,
    coalesce(s.action, '') AS action, coalesce(s.offer, '') AS offer, coalesce(s.duty, '') AS duty, i.title
FROM found AS f
JOIN asked AS a ON TRUE
JOIN live_script AS s ON s.shop = a.shop AND s.account = f.account AND s.sheet_at = f.sheet_at
LEFT JOIN live_item AS i ON i.shop = a.shop AND i.session = a.session AND i.item_id = s.item_id AND s.item_id <> ''
ORDER BY s.minute, s.item_id
LIMIT 500
