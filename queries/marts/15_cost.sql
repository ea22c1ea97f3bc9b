-- mart: cost
-- replace: all
-- grain: shop, item_id, kind, day (valid from that day on); item_id '' is the whole shop
-- reads: cost
SELECT shop, coalesce(item_id, '') AS item_id, kind, day, value, currency
FROM cost
WHERE NOT coalesce(is_removed, FALSE) AND value IS NOT NULL
