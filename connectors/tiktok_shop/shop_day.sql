-- Source:  GET /analytics/202509/shop/performance, granularity 1D
-- Grain:   one figure of the shop per day and metric; sales also by where they were made (scope channel:live, channel:video, channel:card)
-- Units:   money in gmv's currency. sales is GMV: everything paid that day, cancelled and refunded orders included. Averages over one day are that day's figures;
--          visitors and page views are those of product pages. On which day a refund counts is not published: kept as stated_refunds, not as refunds.
-- table:   observation
-- columns: start_date day! AS day, sales.gmv.overall.amount money! AS gmv, sales.gmv.overall.currency text! AS currency, sales.gmv.breakdowns json,
--          sales.gross_revenue.overall.amount money AS gross_revenue, sales.orders_count count, sales.sku_orders_count count, sales.items_sold count,
--          sales.avg_customers_count count AS customers, sales.refunds.amount money AS refunds, traffic.avg_page_views count AS page_views,
--          traffic.avg_visitors count AS visitors
-- ignored: end_date, sales.gmv.breakdowns.*, sales.gross_revenue.*, sales.refunds.*, traffic.avg_conversation_rate
WITH figures AS (
    SELECT _row, day, currency, gmv AS sales, gross_revenue, orders_count AS paid_orders, sku_orders_count AS sku_orders, items_sold AS units,
           customers AS paying_buyers, refunds AS stated_refunds, page_views, visitors
    FROM raw),
parts AS (
    SELECT _row, day, currency, unnest(from_json(breakdowns, '[{"type":"VARCHAR","gmv":{"amount":"DECIMAL(18,4)"}}]')) AS part
    FROM raw)
SELECT _row, $account AS account, metric, '' AS scope, 'day' AS period_kind, day, day AS day_to, currency, value
FROM (UNPIVOT figures ON COLUMNS(* EXCLUDE (_row, day, currency)) INTO NAME metric VALUE value)
UNION ALL
SELECT _row, $account, 'sales', 'channel:' || CASE part.type WHEN 'PRODUCT_CARD' THEN 'card' ELSE lower(part.type) END, 'day', day, day, currency, part.gmv.amount
FROM parts WHERE part.type IS NOT NULL
