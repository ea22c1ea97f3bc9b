-- purpose: daily figures behind the cards' small curves
-- params:  shops VARCHAR[] or NULL, metrics VARCHAR[], money VARCHAR[], display VARCHAR or NULL, first DATE, last DATE
-- grain:   one row per shop, currency, metric and day
-- units:   value in `currency` or a count; a day without a figure has no row
-- reads:   shop_day, fx_rate
WITH rate AS (
    SELECT currency, day, rate FROM fx_rate WHERE display = $display
), figure AS (
    SELECT shop, currency, day, metric, value
    FROM shop_day
    WHERE day BETWEEN $first AND $last AND list_contains($metrics, metric)
        AND ($shops IS NULL OR list_contains($shops, shop))
)
SELECT f.shop, f.metric, f.day,
       CASE WHEN r.rate IS NULL THEN f.currency ELSE $display::VARCHAR END AS currency,
       CASE WHEN r.rate IS NULL OR NOT list_contains($money, f.metric) THEN f.value::DOUBLE
            ELSE f.value::DOUBLE * r.rate::DOUBLE END AS value
FROM figure f ASOF LEFT JOIN rate r ON f.currency = r.currency AND f.day >= r.day
ORDER BY f.metric, f.shop, f.day
