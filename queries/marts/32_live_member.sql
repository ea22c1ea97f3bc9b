-- mart: live_member
-- replace: touched
-- grain: shop, source, account, started_at; which real session a report belongs to: same shop, overlapping times, and the same
--        account id or name; a report that says neither joins the only session it can mean, and waits when there are two
-- reads: mart.live_report
WITH near AS (
    SELECT DISTINCT t.shop, t.day + o.n AS day FROM touched t CROSS JOIN (VALUES (-1), (0), (1)) o(n)
),
reports AS (
    SELECT r.*, row_number() OVER (ORDER BY r.shop, r.rank, r.source, r.started_at, r.account, r.is_minutes) AS id
    FROM mart.live_report r JOIN near n ON n.shop = r.shop AND n.day = r.day
),
pairs AS (
    SELECT a.id, b.id AS other, b.source AS other_source, b.rank AS other_rank,
           date_diff('second', greatest(a.started_at, b.started_at), least(a.ended_at, b.ended_at)) AS overlap_s,
           (a.account <> '' AND a.account = b.account) OR (a.account_name <> '' AND a.account_name = b.account_name) AS is_same,
           (a.account <> '' AND b.account <> '') OR (a.account_name <> '' AND b.account_name <> '') AS is_told
    FROM reports a
    CROSS JOIN (VALUES (-1), (0), (1)) o(n)
    JOIN reports b ON b.shop = a.shop AND b.day = a.day + o.n AND b.id < a.id AND (b.source <> a.source OR b.is_minutes <> a.is_minutes)
                  AND a.started_at < b.ended_at AND b.started_at < a.ended_at
),
counted AS (SELECT *, count(*) OVER (PARTITION BY id, other_source) AS candidates, bool_or(is_same) OVER (PARTITION BY id) AS has_same FROM pairs),
chosen AS (
    SELECT id, other, row_number() OVER (PARTITION BY id ORDER BY other_rank, overlap_s DESC, other) AS place
    FROM counted
    WHERE is_same OR (NOT is_told AND NOT has_same AND candidates = 1)
),
waiting AS (
    SELECT DISTINCT id FROM counted
    WHERE NOT is_told AND NOT has_same AND candidates > 1 AND id NOT IN (SELECT id FROM chosen)
),
first_step AS (
    SELECT r.id, coalesce(c.other, r.id) AS leader FROM reports r LEFT JOIN chosen c ON c.id = r.id AND c.place = 1
),
led AS (SELECT f.id, g.leader FROM first_step f JOIN first_step g ON g.id = f.leader)
SELECT r.shop, CAST(l.started_at AS DATE) AS day,
       CASE WHEN w.id IS NULL THEN strftime(l.started_at, '%Y%m%dT%H%M%S') || '-' || coalesce(nullif(l.account, ''), nullif(l.account_name, ''), l.source)
       END AS session,
       l.started_at AS session_started_at, r.source, r.account, r.account_name, r.started_at, r.ended_at, r.has_end, r.is_minutes, r.rank,
       row_number() OVER (PARTITION BY l.id ORDER BY r.id) AS place
FROM led
JOIN reports r ON r.id = led.id
JOIN reports l ON l.id = led.leader
JOIN touched t ON t.shop = l.shop AND t.day = l.day
LEFT JOIN waiting w ON w.id = led.id
