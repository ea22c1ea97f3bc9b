-- Source:  orders, lines
-- Grain:   one row per line of an order
-- Units:   decimal text, gross, after discounts. Of an order that is charged in part, a line's share of what was charged.
-- table:   order_line
-- each:    lines
-- columns: ^id text! AS order_id, id text! AS line_id, ^status text! AS order_status, ^created instant!, ^updatedAt utc! AS changed, ^isPaid flag,
--          ^total.gross.amount money! AS total, ^total.gross.currency text! AS money, ^totalCharged.amount money! AS charged, ^totalRefunded.amount money AS given_back,
--          ^paid.at instant AS charged_at, ^paid.amount money AS charges, productName text AS title, productSku text AS sku, quantity count!,
--          totalPrice.gross.amount money! AS price, undiscountedUnitPrice.gross.amount money AS list_price, variant.id text AS sku_id, variant.product.id text AS item_id
-- ignored: number, status, chargeStatus, channel, channel.*, user, user.*, subtotal, subtotal.*, total.*, undiscountedTotal.*, shippingPrice.*, totalCharged.*, totalRefunded.*,
--          lines.*, refunds, refunds.*
WITH paid AS (
    SELECT *, coalesce(charges, charged + coalesce(given_back, 0)) AS sale,
           CASE WHEN charges > 0 THEN charged_at WHEN sale > 0 OR (isPaid AND total = 0) THEN created END AS paid_at,
           CASE order_status WHEN 'CANCELED' THEN 50 WHEN 'EXPIRED' THEN 50 WHEN 'RETURNED' THEN 35 WHEN 'PARTIALLY_RETURNED' THEN 33 WHEN 'FULFILLED' THEN 30
                             WHEN 'PARTIALLY_FULFILLED' THEN 25 ELSE CASE WHEN paid_at IS NULL THEN 10 ELSE 20 END END AS state
    FROM raw WHERE order_status <> 'DRAFT')
SELECT _row, $account AS account, order_id, line_id, coalesce(item_id, nullif(sku, '')) AS item_id, sku_id, nullif(sku, '') AS sku_code, title,
       CASE WHEN state = 50 THEN 'closed' WHEN state >= 30 THEN 'shipped' WHEN paid_at IS NULL THEN 'unpaid' ELSE 'paid' END AS status,
       order_status AS status_raw, created AS created_at, paid_at, upper(money) AS currency, quantity AS units, list_price, price AS placed_amount,
       CASE WHEN paid_at IS NOT NULL THEN CASE WHEN sale < total THEN (price * sale / total)::DECIMAL(18,4) ELSE price END END AS paid_amount, '' AS channel,
       changed AS updated_at, state AS status_rank
FROM paid
