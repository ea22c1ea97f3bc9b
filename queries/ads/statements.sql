-- purpose: what the reports said of a purse's days, one after another, where a day was reported more than once
-- params:  shops VARCHAR[] NULL, day_from DATE, day_to DATE
-- grain:   one row per shop, source, account, day and report
-- units:   money in the account's currency; as_of is when the report was exported
-- reads:   ad_statement, source
SELECT a.shop, coalesce(s.purse, a.source) AS purse, a.source, a.account, a.day, a.as_of, a.spend, a.attributed_sales
FROM ad_statement a LEFT JOIN source s ON s.source = a.source
WHERE a.day BETWEEN $day_from AND $day_to AND ($shops IS NULL OR list_contains($shops, a.shop))
ORDER BY a.shop, a.source, a.account, a.day, a.as_of
