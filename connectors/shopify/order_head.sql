-- Source:  orders of the Admin GraphQL API, by page and in bulk
-- Grain:   one row per order
-- Units:   shop money with its currency. placed_amount = totalPrice (with shipping and tax, before returns). Sales are what was received before returns
--          (totalReceived), on the day of the first payment that succeeded; an order paid without one (free, imported) counts with its total as processed.
--          What was given back is a row of refund.sql. An authorised amount is no payment. Channel: the platform names no live or video sale.
-- table:   order_head
-- columns: id text! AS gid, createdAt instant!, processedAt instant!, updatedAt utc!, cancelledAt instant, test flag,
--          displayFinancialStatus text! AS financial, displayFulfillmentStatus text! AS fulfilment,
--          totalPriceSet.shopMoney.amount money! AS total, totalPriceSet.shopMoney.currencyCode text! AS currency,
--          totalReceivedSet.shopMoney.amount money! AS received, totalDiscountsSet.shopMoney.amount money AS discount,
--          totalShippingPriceSet.shopMoney.amount money AS freight, customer.id text AS buyer, transactions json, lineItems.nodes json! AS lines
-- ignored: lineItems.*, refunds, refunds.*, transactions.*, *Set.*, legacyResourceId, name, currencyCode, presentmentCurrencyCode, taxesIncluded, sourceName,
--          discountCodes, tags, customerJourneySummary.*, totalPriceSet.*, currentTotalPriceSet.*, subtotalPriceSet.*, totalDiscountsSet.*, totalShippingPriceSet.*,
--          totalTaxSet.*, totalReceivedSet.*, totalRefundedSet.*, netPaymentSet.*
WITH orders AS (
    SELECT *, financial IN ('PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'REFUNDED') AS is_paid,
           list_min(list_transform(list_filter(from_json(transactions, '[{"kind":"VARCHAR","status":"VARCHAR","createdAt":"VARCHAR","processedAt":"VARCHAR"}]'),
                                               lambda t : t.kind IN ('SALE', 'CAPTURE') AND t.status = 'SUCCESS'),
                                   lambda t : coalesce(t.processedAt, t.createdAt))) AS payment,
           list_sum(list_transform(from_json(lines, '[{"quantity":"BIGINT"}]'), lambda l : l.quantity)) AS units
    FROM raw),
states AS (
    SELECT *, CASE WHEN cancelledAt IS NOT NULL OR financial IN ('VOIDED', 'EXPIRED') THEN 50 WHEN NOT is_paid THEN 10
                   WHEN fulfilment = 'FULFILLED' THEN 30 ELSE 20 END AS state
    FROM orders)
SELECT _row, $account AS account, regexp_extract(gid, '([0-9]+)(\?.*)?$', 1) AS order_id, buyer,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' ELSE 'closed' END AS status,
       lower(concat_ws('/', financial, fulfilment)) AS status_raw, createdAt AS created_at,
       CASE WHEN is_paid THEN coalesce(parse_instant(payment, $zone), processedAt) END AS paid_at, currency, total AS placed_amount,
       CASE WHEN is_paid THEN coalesce(nullif(received, 0), total) END AS paid_amount,
       freight, discount AS seller_discount, units, test AS is_test, updatedAt AS updated_at, state AS status_rank
FROM states
