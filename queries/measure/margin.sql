-- purpose: sales, what is left of them after refunds, margin and fees, and ad spend, with the rates valid on each day
-- params:  day_from DATE, day_to DATE, shops VARCHAR[], by_day BOOLEAN, by_shop BOOLEAN, by_platform BOOLEAN
-- grain:   one row per currency and chosen grouping, over the days that have sales and a margin rate
-- units:   money; kept = net sales x margin x (1 - fee); no_refunds and no_fee count days where that figure is not known (taken as none)
-- reads:   shop_day, cost
WITH days AS (
    SELECT d.shop, d.platform, d.currency, d.day, max(d.value) FILTER (WHERE d.metric = 'sales') AS sales,
           max(d.value) FILTER (WHERE d.metric = 'refunds') AS refunds, max(d.value) FILTER (WHERE d.metric = 'spend') AS spend,
           bool_and(d.state = 'ok') AS is_ok, string_agg(DISTINCT d.source, '+' ORDER BY d.source) AS source, min(d.as_of) AS as_of
    FROM shop_day d
    WHERE d.metric IN ('sales', 'refunds', 'spend') AND d.day BETWEEN $day_from AND $day_to
      AND ($shops IS NULL OR list_contains($shops, d.shop))
    GROUP BY d.shop, d.platform, d.currency, d.day
),
margins AS (SELECT shop, day, value FROM cost WHERE kind = 'margin_rate' AND item_id = ''),
fees AS (SELECT shop, day, value FROM cost WHERE kind = 'fee_rate' AND item_id = ''),
rated AS (
    SELECT d.*, CAST(m.value AS DOUBLE) AS margin, CAST(f.value AS DOUBLE) AS fee
    FROM days d
    ASOF LEFT JOIN margins m ON m.shop = d.shop AND m.day <= d.day
    ASOF LEFT JOIN fees f ON f.shop = d.shop AND f.day <= d.day
    WHERE d.sales IS NOT NULL
)
SELECT CASE WHEN $by_day THEN r.day END AS day, CASE WHEN $by_shop THEN r.shop END AS shop, CASE WHEN $by_platform THEN r.platform END AS platform, r.currency,
       sum(r.sales) AS sales, sum(r.sales - coalesce(r.refunds, 0)) AS net_sales, sum((r.sales - coalesce(r.refunds, 0)) * r.margin) AS profit,
       sum((r.sales - coalesce(r.refunds, 0)) * r.margin * (1 - coalesce(r.fee, 0))) AS kept, sum(r.spend) AS spend,
       count(*) AS days, count(*) - count(r.refunds) AS no_refunds, count(*) - count(r.fee) AS no_fee, count(*) - count(r.spend) AS no_spend,
       bool_and(r.is_ok) AS is_ok, string_agg(DISTINCT r.source, '+' ORDER BY r.source) AS source, min(r.as_of) AS as_of
FROM rated r
WHERE r.margin IS NOT NULL
GROUP BY r.currency, CASE WHEN $by_day THEN r.day END, CASE WHEN $by_shop THEN r.shop END, CASE WHEN $by_platform THEN r.platform END
