-- Source:  lineItems of an order
-- Grain:   one row per line of an order; the item is its SKU, as in the export file
-- Units:   shop money. A line's amount is after the line's own discounts: no shipping, no discount of the whole order, tax only where prices include it, so lines
--          need not add up to their order. Units are those ordered, later returned ones included.
-- table:   order_line
-- each:    lineItems.nodes
-- columns: ^id text! AS order_gid, id text! AS gid, ^createdAt instant!, ^processedAt instant!, ^updatedAt utc!, ^cancelledAt instant, ^test flag,
--          ^displayFinancialStatus text! AS financial, ^displayFulfillmentStatus text! AS fulfilment, ^totalPriceSet.shopMoney.currencyCode text! AS currency,
--          ^transactions json, sku text, title text, variantTitle text, quantity count!, originalUnitPriceSet.shopMoney.amount money AS list_price,
--          discountedTotalSet.shopMoney.amount money! AS amount
WITH lines AS (
    SELECT *, financial IN ('PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'REFUNDED') AS is_paid,
           title || coalesce(' - ' || nullif(variantTitle, ''), '') AS full_title,
           list_min(list_transform(list_filter(from_json(transactions, '[{"kind":"VARCHAR","status":"VARCHAR","createdAt":"VARCHAR","processedAt":"VARCHAR"}]'),
                                               lambda t : t.kind IN ('SALE', 'CAPTURE') AND t.status = 'SUCCESS'),
                                   lambda t : coalesce(t.processedAt, t.createdAt))) AS payment
    FROM raw),
states AS (
    SELECT *, CASE WHEN cancelledAt IS NOT NULL OR financial IN ('VOIDED', 'EXPIRED') THEN 50 WHEN NOT is_paid THEN 10
                   WHEN fulfilment = 'FULFILLED' THEN 30 ELSE 20 END AS state
    FROM lines)
SELECT _row, $account AS account, regexp_extract(order_gid, '([0-9]+)(\?.*)?$', 1) AS order_id, regexp_extract(gid, '([0-9]+)(\?.*)?$', 1) AS line_id,
       coalesce(nullif(sku, ''), full_title) AS item_id, nullif(sku, '') AS sku_id, nullif(sku, '') AS sku_code, full_title AS title,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' ELSE 'closed' END AS status,
       lower(concat_ws('/', financial, fulfilment)) AS status_raw, createdAt AS created_at,
       CASE WHEN is_paid THEN coalesce(parse_instant(payment, $zone), processedAt) END AS paid_at, currency,
       quantity AS units, list_price, amount AS placed_amount, CASE WHEN is_paid THEN amount END AS paid_amount,
       test AS is_test, updatedAt AS updated_at, state AS status_rank
FROM states
