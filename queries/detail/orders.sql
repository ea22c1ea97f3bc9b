-- purpose: the orders behind a day's figures, newest first, from the files of order facts; of a day only the file that answers for it
-- params:  files VARCHAR[] (given by the reader, never by the asker), shops VARCHAR[] (NULL = all), day_from DATE, day_to DATE,
--          flagged BOOLEAN (NULL = all, TRUE = only those left out of the metrics), max_rows BIGINT
-- grain:   one row per order and source paid in the range (unpaid ones: created in it)
-- units:   money in currency; times local to the shop; counts says whether the order is in the metrics
-- reads:   receipt
SELECT shop, source, order_id, status, created_at, paid_at, currency, placed_amount, paid_amount, refund_amount, refund_at, units, channel, host,
       CASE WHEN is_brush THEN 'brush' WHEN is_test THEN 'test' WHEN is_gift THEN 'gift' END AS flag,
       paid_at IS NOT NULL AND NOT coalesce(is_brush OR is_test OR is_gift, FALSE) AS counts, package, as_of
FROM read_parquet($files) o
SEMI JOIN receipt r ON r.target = 'order_head' AND r.shop = o.shop AND r.day = CAST(o.created_at AS DATE) AND r.file = parse_filename(o.filename)
WHERE CAST(coalesce(paid_at, created_at) AS DATE) BETWEEN $day_from AND $day_to
  AND ($shops IS NULL OR list_contains($shops, o.shop))
  AND ($flagged IS NULL OR coalesce(is_brush OR is_test OR is_gift, FALSE) = $flagged)
ORDER BY coalesce(paid_at, created_at) DESC, shop, source, order_id
LIMIT $max_rows
