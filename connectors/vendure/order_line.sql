-- Source:  Admin API, orders, lines
-- Grain:   one row per line of a placed order
-- Units:   hundredths on the wire, tax included, after discounts, as the line stood when the order was placed. Of a line cancelled whole the platform forgets
--          the discount: its price before discounts stands.
-- table:   order_line
-- each:    lines
-- columns: ^id id! AS order_id, ^state text!, ^orderPlacedAt instant! AS placed_at, ^orderPlacedAt utc AS placed_utc, ^updatedAt utc! AS updatedAt, ^currencyCode text!, ^payments json!,
--          id id! AS line_id, quantity count!, orderPlacedQuantity count, unitPriceWithTax fen!, proratedUnitPriceWithTax fen, proratedLinePriceWithTax fen!,
--          productVariant.id id AS sku_id, productVariant.productId id AS item_id, productVariant.sku text AS sku, productVariant.name text AS title
-- ignored: code, type, active, createdAt, totalWithTax, subTotal, subTotalWithTax, shipping, shippingWithTax, total, totalQuantity, couponCodes, customer.*, payments.*,
--          discounts.*
WITH lines AS (
    SELECT *, list_contains(list_transform(from_json(payments, '[{"state":"VARCHAR"}]'), lambda p : p.state), 'Settled') AS has_settled,
           CASE state WHEN 'Cancelled' THEN 50 WHEN 'Delivered' THEN 40 WHEN 'PartiallyDelivered' THEN 35 WHEN 'Shipped' THEN 30 WHEN 'PartiallyShipped' THEN 25
                      WHEN 'PaymentSettled' THEN 20 WHEN 'PaymentAuthorized' THEN 10 ELSE CASE WHEN has_settled THEN 20 ELSE 10 END END AS rank,
           coalesce(has_settled, false) OR rank BETWEEN 20 AND 40 AS is_paid, greatest(quantity, coalesce(orderPlacedQuantity, 0)) AS placed,
           CASE WHEN quantity = placed THEN proratedLinePriceWithTax ELSE (coalesce(proratedUnitPriceWithTax, unitPriceWithTax) * placed)::DECIMAL(18,4) END AS amount
    FROM raw WHERE placed_at IS NOT NULL)
SELECT _row, $account AS account, order_id, line_id, coalesce(item_id, sku) AS item_id, sku_id, nullif(sku, '') AS sku_code, title,
       CASE WHEN rank = 10 THEN 'unpaid' WHEN rank < 30 THEN 'paid' WHEN rank < 40 THEN 'shipped' WHEN rank = 40 THEN 'done' ELSE 'closed' END AS status,
       state AS status_raw, placed_at AS created_at, CASE WHEN is_paid THEN placed_at END AS paid_at, upper(currencyCode) AS currency,
       placed AS units, unitPriceWithTax AS list_price, amount AS placed_amount, CASE WHEN is_paid THEN amount END AS paid_amount,
       '' AS channel, greatest(updatedAt, placed_utc) AS updated_at, rank AS status_rank
FROM lines
