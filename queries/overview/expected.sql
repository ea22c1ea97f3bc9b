-- purpose: which figures each shop usually has, so that a missing one can be called 未出数
-- params:  shops VARCHAR[] or NULL, metrics VARCHAR[], day_to DATE (last day shown), display VARCHAR or NULL
-- grain:   one row per shop, currency and metric seen in the 28 days up to day_to
-- units:   last_day: the latest of those days; currency is the display currency where a rate was typed by then
-- reads:   shop, shop_day, fx_rate
WITH rated AS (
    SELECT DISTINCT currency FROM fx_rate WHERE display = $display AND day <= $day_to::DATE
)
SELECT d.shop, coalesce(nullif(s.name, ''), d.shop) AS name, s.platform,
       CASE WHEN r.currency IS NULL THEN d.currency ELSE $display::VARCHAR END AS currency, d.metric, max(d.day) AS last_day
FROM shop_day d JOIN shop s USING (shop) LEFT JOIN rated r ON r.currency = d.currency
WHERE d.day BETWEEN $day_to::DATE - 27 AND $day_to::DATE AND list_contains($metrics, d.metric)
    AND ($shops IS NULL OR list_contains($shops, d.shop))
GROUP BY d.shop, s.name, s.platform, d.currency, r.currency, d.metric
ORDER BY d.shop, d.metric
