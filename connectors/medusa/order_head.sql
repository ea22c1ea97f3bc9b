-- Source:  GET /admin/orders
-- Grain:   one row per order that was completed at checkout, paid or not
-- Units:   whole units of the order's currency. Sales are what was captured, before refunds, on the day of the first capture; where the server lists no capture
--          and says that money came in, on the day of the order. What was ordered is the first version's total: later edits and cancellations do not change it.
-- table:   order_head
-- columns: id id!, status text!, payment_status text, fulfillment_status text, currency_code text!, customer_id text AS buyer, created_at instant!, updated_at utc!,
--          canceled_at instant, total money!, shipping_total money, discount_total money, summary.original_order_total money AS first_total,
--          summary.paid_total money AS paid_total, captures json!, first_capture instant, first_capture utc AS captured_utc, items json!
-- ignored: display_id, version, email, subtotal, tax_total, item_total, original_total, summary.*, items.*, captures.*
WITH orders AS (
    SELECT *, list_sum(list_transform(from_json(captures, '[{"amount":"DECIMAL(18,4)"}]'), lambda c : c.amount)) AS captured,
           coalesce(first_capture, CASE WHEN paid_total > 0 THEN created_at END) AS paid_at,
           CASE WHEN status = 'canceled' OR canceled_at IS NOT NULL THEN 50 WHEN status IN ('completed', 'archived') OR fulfillment_status = 'delivered' THEN 40
                WHEN fulfillment_status IN ('shipped', 'partially_delivered') THEN 30 WHEN fulfillment_status = 'partially_shipped' THEN 25
                ELSE CASE WHEN first_capture IS NOT NULL OR paid_total > 0 THEN 20 ELSE 10 END END AS rank
    FROM raw)
SELECT _row, $account AS account, id AS order_id, buyer,
       CASE WHEN rank = 10 THEN 'unpaid' WHEN rank < 30 THEN 'paid' WHEN rank = 30 THEN 'shipped' WHEN rank = 40 THEN 'done' ELSE 'closed' END AS status,
       concat_ws('/', status, payment_status, fulfillment_status) AS status_raw, created_at, paid_at, upper(currency_code) AS currency,
       coalesce(first_total, total) AS placed_amount, CASE WHEN paid_at IS NOT NULL THEN coalesce(captured, paid_total) END AS paid_amount,
       CASE WHEN rank < 50 THEN shipping_total END AS freight, CASE WHEN rank < 50 THEN discount_total END AS seller_discount,
       list_sum(list_transform(from_json(items, '[{"quantity":"DECIMAL(18,4)"}]'), lambda i : i.quantity)) AS units, '' AS channel,
       greatest(updated_at, captured_utc) AS updated_at, rank AS status_rank
FROM orders
