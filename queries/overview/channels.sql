-- purpose: where sales came from: order channels (自播, 达播, 短视频, 商品卡) where orders carry one, else the shop as a whole
-- params:  shops VARCHAR[] or NULL, day_from DATE, day_to DATE, before_from DATE, before_to DATE
-- grain:   one row per shop, channel and currency; channel '' = sales that no channel report splits
-- units:   sales and before in `currency`; paid_orders counts
-- reads:   shop, shop_day, channel_day
WITH split AS (
    SELECT shop, currency, coalesce(channel, '') AS channel,
           sum(sales) FILTER (WHERE day BETWEEN $day_from::DATE AND $day_to::DATE) AS sales,
           sum(sales) FILTER (WHERE day BETWEEN $before_from::DATE AND $before_to::DATE) AS before,
           sum(paid_orders) FILTER (WHERE day BETWEEN $day_from::DATE AND $day_to::DATE) AS paid_orders
    FROM channel_day
    WHERE (day BETWEEN $day_from::DATE AND $day_to::DATE OR day BETWEEN $before_from::DATE AND $before_to::DATE)
        AND ($shops IS NULL OR list_contains($shops, shop))
    GROUP BY shop, currency, coalesce(channel, '')
), whole AS (
    SELECT shop, currency,
           sum(value) FILTER (WHERE metric = 'sales' AND day BETWEEN $day_from::DATE AND $day_to::DATE) AS sales,
           sum(value) FILTER (WHERE metric = 'sales' AND day BETWEEN $before_from::DATE AND $before_to::DATE) AS before,
           sum(value) FILTER (WHERE metric = 'paid_orders' AND day BETWEEN $day_from::DATE AND $day_to::DATE) AS paid_orders
    FROM shop_day
    WHERE metric IN ('sales', 'paid_orders')
        AND (day BETWEEN $day_from::DATE AND $day_to::DATE OR day BETWEEN $before_from::DATE AND $before_to::DATE)
        AND ($shops IS NULL OR list_contains($shops, shop))
    GROUP BY shop, currency
), told AS (
    SELECT shop, currency FROM split WHERE channel <> '' AND (sales > 0 OR before > 0) GROUP BY shop, currency
), listed AS (
    SELECT shop, currency, channel, sales, before, paid_orders FROM split JOIN told USING (shop, currency)
    UNION ALL
    SELECT shop, currency, '', sales, before, paid_orders FROM whole WHERE (shop, currency) NOT IN (FROM told)
)
SELECT l.shop, coalesce(nullif(s.name, ''), l.shop) AS name, s.platform, l.currency, l.channel, l.sales::DOUBLE AS sales,
       l.before::DOUBLE AS before, l.paid_orders::DOUBLE AS paid_orders
FROM listed l JOIN shop s USING (shop)
WHERE l.sales IS NOT NULL OR l.before IS NOT NULL
ORDER BY l.shop, l.currency, l.sales DESC NULLS LAST, l.channel
