-- purpose: the same ad money in another report (or another attribution window) of a purse, held against what is counted
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per shop, currency, purse, report and attribution that is not counted, over the days both hold
-- units:   money in currency; difference = other - counted
-- reads:   campaign_day, source
WITH report_days AS (
    SELECT shop, currency, purse, source, attribution, is_chosen, day,
        sum(spend) AS spend, sum(attributed_sales) AS attributed_sales
    FROM campaign_day
    WHERE day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, shop))
    GROUP BY shop, currency, purse, source, attribution, is_chosen, day
), counted AS (
    SELECT shop, currency, purse, day, min(source) AS source, max(attribution) AS attribution,
        sum(spend) AS spend, sum(attributed_sales) AS attributed_sales
    FROM report_days
    WHERE is_chosen
    GROUP BY shop, currency, purse, day
), pairs AS (
    SELECT o.shop, o.currency, o.purse, o.source AS other_source, o.attribution AS other_attribution,
        min(c.source) AS counted_source, max(c.attribution) AS counted_attribution, count(*) AS days,
        sum(o.spend) AS other_spend, sum(c.spend) AS counted_spend, sum(o.spend) - sum(c.spend) AS difference,
        sum(o.attributed_sales) AS other_sales, sum(c.attributed_sales) AS counted_sales
    FROM report_days AS o
    JOIN counted AS c ON c.shop = o.shop AND c.currency = o.currency AND c.purse = o.purse AND c.day = o.day
    WHERE NOT o.is_chosen
    GROUP BY o.shop, o.currency, o.purse, o.source, o.attribution
)
SELECT p.shop, p.currency, p.purse, p.other_source, p.other_attribution, p.counted_source, p.counted_attribution,
    other.label_zh AS other_zh, other.label_en AS other_en, counted.label_zh AS counted_zh, counted.label_en AS counted_en,
    p.days, p.other_spend, p.counted_spend, p.difference, p.other_sales, p.counted_sales
FROM pairs AS p
LEFT JOIN source AS other ON other.source = p.other_source
LEFT JOIN source AS counted ON counted.source = p.counted_source
ORDER BY abs(p.difference) DESC NULLS LAST, p.shop, p.purse, p.other_source, p.other_attribution
