-- mart: live_event
-- replace: touched
-- grain: shop, source, account, at, kind, item_id; what happened on air (what was planned stands in live_script), on the start day of its session. An event belongs to the session
--        of its account that was on air (half an hour before the start counts); one that names no account, or whose session has no
--        name, to the only session on air then; an event that could be two sessions' is neither's. An explaining without an end
--        lasts until the next one of the session; the last one is open
-- reads: live_event, mart.live_session, mart.live_member
WITH near AS (
    SELECT DISTINCT t.shop, t.day + o.n AS day FROM touched t CROSS JOIN (VALUES (-1), (0), (1)) o(n)
),
spans AS (
    SELECT s.shop, s.day, s.session, s.started_at, s.ended_at AS told_end, coalesce(s.ended_at, s.started_at + INTERVAL 12 HOUR) AS ended_at
    FROM mart.live_session s JOIN near n ON n.shop = s.shop AND n.day = s.day
),
names AS (
    SELECT m.shop, m.session, m.account AS name FROM mart.live_member m JOIN spans s ON s.shop = m.shop AND s.session = m.session WHERE m.account <> ''
    UNION
    SELECT m.shop, m.session, m.account_name FROM mart.live_member m JOIN spans s ON s.shop = m.shop AND s.session = m.session WHERE m.account_name <> ''
),
named AS (SELECT DISTINCT shop, session FROM names),
events AS (
    SELECT e.shop, e.source, coalesce(e.account, '') AS account, e.happened_at, e.until, e.kind, coalesce(e.item_id, '') AS item_id, e.link_no, e.text
    FROM live_event e JOIN near n ON n.shop = e.shop AND n.day = CAST(e.happened_at AS DATE)
    WHERE NOT coalesce(e.is_removed, FALSE) AND e.kind <> 'script'
      AND e.happened_at >= getvariable('first_day') - 1 AND e.happened_at < getvariable('end_day') + 1
),
pairs AS (
    SELECT e.shop, e.source, e.account, e.happened_at, e.kind, e.item_id, s.day, s.session, s.started_at, s.told_end, n.name IS NOT NULL AS is_same,
           e.account = '' OR k.session IS NULL AS is_nameless, CASE WHEN e.happened_at >= s.started_at THEN 1 ELSE 0 END AS on_air
    FROM events e
    JOIN spans s ON s.shop = e.shop AND e.happened_at >= s.started_at - INTERVAL 30 MINUTE AND e.happened_at < s.ended_at
    LEFT JOIN names n ON n.shop = s.shop AND n.session = s.session AND n.name = e.account
    LEFT JOIN named k ON k.shop = s.shop AND k.session = s.session
),
ranked AS (
    SELECT p.*, sum(p.on_air) OVER (PARTITION BY p.shop, p.source, p.account, p.happened_at, p.kind, p.item_id) AS candidates,
           row_number() OVER (PARTITION BY p.shop, p.source, p.account, p.happened_at, p.kind, p.item_id
                              ORDER BY CASE WHEN p.is_same THEN 0 ELSE 1 END, p.on_air DESC, p.started_at DESC, p.session) AS place
    FROM pairs p
),
placed AS (
    SELECT e.*, r.day, r.session, r.told_end,
           lead(e.happened_at) OVER (PARTITION BY e.shop, r.session, e.kind ORDER BY e.happened_at, e.source, e.item_id) AS next_at
    FROM events e
    JOIN ranked r ON r.shop = e.shop AND r.source = e.source AND r.account = e.account AND r.happened_at = e.happened_at
                 AND r.kind = e.kind AND r.item_id = e.item_id
    WHERE r.place = 1 AND (r.is_same OR (r.is_nameless AND r.candidates <= 1))
)
SELECT p.shop, p.day, p.session, p.source, p.account, p.happened_at AS "at",
       CASE WHEN p.kind = 'explain' THEN CASE WHEN coalesce(p.until, p.next_at) > p.told_end THEN p.told_end ELSE coalesce(p.until, p.next_at) END ELSE p.until END AS until,
       p.kind, p.item_id, p.link_no, p.text
FROM placed p JOIN touched t ON t.shop = p.shop AND t.day = p.day
