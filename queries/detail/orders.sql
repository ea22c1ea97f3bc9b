-- purpose: the orders behind a day's figures, newest first, from the month files of order facts
-- params:  files VARCHAR[] (given by the reader, never by the asker), shops VARCHAR[] (NULL = all), day_from DATE, day_to DATE,
--          flagged BOOLEAN (NULL = all, TRUE = only those left out of the metrics), max_rows BIGINT
-- grain:   one row per order and source paid in the range (unpaid ones: created in it)
-- units:   money in currency; times local to the shop; counts says whether the order is in the metrics
-- reads:   none
SELECT shop, source, order_id, status, created_at, paid_at, currency, placed_amount, paid_amount, refund_amount, refund_at, units, channel, host,
       CASE WHEN is_brush THEN 'brush' WHEN is_test THEN 'test' WHEN is_gift THEN 'gift' END AS flag,
       paid_at IS NOT NULL AND NOT coalesce(is_brush OR is_test OR is_gift, FALSE) AS counts, package, as_of
FROM read_parquet($files)
WHERE CAST(coalesce(paid_at, created_at) AS DATE) BETWEEN $day_from AND $day_to
  AND ($shops IS NULL OR list_contains($shops, shop))
  AND ($flagged IS NULL OR coalesce(is_brush OR is_test OR is_gift, FALSE) = $flagged)
ORDER BY coalesce(paid_at, created_at) DESC, shop, source, order_id
LIMIT $max_rows
