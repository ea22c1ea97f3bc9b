-- purpose: money given back, up to now, of orders a live session sold, from the after-sales list
-- params:  files VARCHAR[] (given by the reader, never by the asker), session VARCHAR, shops VARCHAR[] (NULL = all), orders VARCHAR[]
-- grain:   one row per order and moment, of the source that ranks first for the order
-- units:   amount in currency; done_at local to the shop
-- reads:   receipt, live_session, source
WITH asked AS (
    SELECT shop FROM live_session WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop)) ORDER BY shop LIMIT 1
), given AS (
    SELECT f.order_id, f.done_at, f.amount, f.as_of, dense_rank() OVER (PARTITION BY f.order_id ORDER BY coalesce(s.rank, 99), f.source) AS place
    FROM read_parquet($files) f
    SEMI JOIN receipt r ON r.target = 'refund' AND r.shop = f.shop AND r.day = CAST(f.done_at AS DATE) AND r.file = parse_filename(f.filename)
    JOIN asked a ON a.shop = f.shop
    LEFT JOIN source s ON s.source = f.source
    WHERE f.is_done AND list_contains($orders, f.order_id)
)
SELECT order_id, done_at, sum(amount) AS amount, max(as_of) AS as_of
FROM given
WHERE place = 1
GROUP BY order_id, done_at
ORDER BY done_at, order_id
