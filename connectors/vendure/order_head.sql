-- Source:  Admin API, orders
-- Grain:   one row per placed order; a basket has no orderPlacedAt and is left out
-- Units:   hundredths on the wire, tax included. Sales are the settled payments, before refunds: payments never fall, while totals of an order do when it is cancelled
--          or changed. Created and paid are both the moment it was placed: an order that is captured later is a sale of the day it was placed.
-- table:   order_head
-- columns: id id!, type text, state text!, orderPlacedAt instant! AS placed_at, orderPlacedAt utc AS placed_utc, updatedAt utc!, currencyCode text!,
--          totalWithTax fen!, shippingWithTax fen, customer.id text AS buyer, payments json!, discounts json, lines json!
-- ignored: code, active, createdAt, subTotal, subTotalWithTax, shipping, total, totalQuantity, couponCodes, payments.*, discounts.*, lines.*
WITH read AS (
    SELECT *, list_filter(from_json(payments, '[{"state":"VARCHAR","amount":"BIGINT"}]'), lambda p : p.state IN ('Settled', 'Authorized')) AS paid,
           from_json(discounts, '[{"type":"VARCHAR","amountWithTax":"BIGINT"}]') AS cuts,
           list_sum(list_transform(from_json(lines, '[{"quantity":"BIGINT","orderPlacedQuantity":"BIGINT"}]'),
                                   lambda l : greatest(l.quantity, coalesce(l.orderPlacedQuantity, 0)))) AS units
    FROM raw WHERE placed_at IS NOT NULL),
orders AS (
    SELECT *, list_filter(paid, lambda p : p.state = 'Settled') AS settled,
           CASE state WHEN 'Cancelled' THEN 50 WHEN 'Delivered' THEN 40 WHEN 'PartiallyDelivered' THEN 35 WHEN 'Shipped' THEN 30 WHEN 'PartiallyShipped' THEN 25
                      WHEN 'PaymentSettled' THEN 20 WHEN 'PaymentAuthorized' THEN 10 ELSE CASE WHEN len(settled) > 0 THEN 20 ELSE 10 END END AS rank,
           len(settled) > 0 OR rank BETWEEN 20 AND 40 AS is_paid
    FROM read)
SELECT _row, $account AS account, id AS order_id, buyer,
       CASE WHEN rank = 10 THEN 'unpaid' WHEN rank < 30 THEN 'paid' WHEN rank < 40 THEN 'shipped' WHEN rank = 40 THEN 'done' ELSE 'closed' END AS status,
       state AS status_raw, placed_at AS created_at, CASE WHEN is_paid THEN placed_at END AS paid_at, upper(currencyCode) AS currency,
       coalesce((list_sum(list_transform(paid, lambda p : p.amount)) * 0.01)::DECIMAL(18,4), totalWithTax) AS placed_amount,
       CASE WHEN is_paid THEN (coalesce(list_sum(list_transform(settled, lambda p : p.amount)), 0) * 0.01)::DECIMAL(18,4) END AS paid_amount,
       CASE WHEN rank < 50 THEN shippingWithTax END AS freight,  -- a cancelled order no longer tells its freight and discounts
       CASE WHEN rank < 50 THEN (coalesce(-list_sum(list_transform(list_filter(cuts, lambda c : c.type LIKE '%PROMOTION'), lambda c : c.amountWithTax)), 0) * 0.01)::DECIMAL(18,4) END
           AS seller_discount,
       units, '' AS channel, greatest(updatedAt, placed_utc) AS updated_at, rank AS status_rank
FROM orders
