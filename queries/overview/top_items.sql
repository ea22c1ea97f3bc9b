-- purpose: items that sold most, with what changed against the days compared with
-- params:  shops VARCHAR[] or NULL, day_from DATE, day_to DATE, before_from DATE, before_to DATE, top INTEGER
-- grain:   one row per shop, item and currency, the best first
-- units:   sales and before in `currency`; before NULL where the windows hold unequal numbers of days; units pieces;
--          visitors: days added up, NULL where none is stated
-- reads:   shop, item_day
WITH figure AS (
    SELECT shop, currency, item_id, day BETWEEN $day_from::DATE AND $day_to::DATE AS is_now, day, title, sales, units, visitors
    FROM item_day
    WHERE (day BETWEEN $day_from::DATE AND $day_to::DATE OR day BETWEEN $before_from::DATE AND $before_to::DATE)
        AND ($shops IS NULL OR list_contains($shops, shop))
), item AS (
    SELECT shop, currency, item_id, max_by(title, day) AS title,
           sum(sales) FILTER (WHERE is_now) AS sales, sum(sales) FILTER (WHERE NOT is_now) AS before,
           sum(units) FILTER (WHERE is_now) AS units, sum(visitors) FILTER (WHERE is_now) AS visitors
    FROM figure
    GROUP BY shop, currency, item_id
), known AS (
    SELECT shop, currency, count(DISTINCT day) FILTER (WHERE is_now) = count(DISTINCT day) FILTER (WHERE NOT is_now) AS is_fair
    FROM figure
    GROUP BY shop, currency
)
SELECT i.shop, coalesce(nullif(s.name, ''), i.shop) AS name, s.platform, i.item_id, coalesce(nullif(i.title, ''), i.item_id) AS title,
       i.currency, i.sales::DOUBLE AS sales, CASE WHEN k.is_fair THEN i.before END::DOUBLE AS before, i.units::DOUBLE AS units,
       i.visitors::DOUBLE AS visitors
FROM item i JOIN known k ON k.shop = i.shop AND k.currency IS NOT DISTINCT FROM i.currency JOIN shop s ON s.shop = i.shop
WHERE i.sales > 0
ORDER BY i.sales DESC, i.shop, i.item_id
LIMIT $top
