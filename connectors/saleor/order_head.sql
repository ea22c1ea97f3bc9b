-- Source:  orders
-- Grain:   one row per order; drafts are none
-- Units:   decimal text, gross. Sales are the successful charges (paid.amount), before refunds; of a server that lists none totalCharged + totalRefunded,
--          for totalCharged falls when money goes back. A cancelled order that was paid stays a sale of its paid day.
-- table:   order_head
-- columns: id text! AS order_id, status text!, created instant!, updatedAt utc! AS changed, isPaid flag, chargeStatus text, user.id text AS buyer,
--          total.gross.amount money! AS total, total.gross.currency text! AS money, undiscountedTotal.gross.amount money AS full_price,
--          shippingPrice.gross.amount money AS freight, totalCharged.amount money! AS charged, totalRefunded.amount money AS given_back, paid.at instant AS charged_at,
--          paid.amount money AS charges, lines json!
-- ignored: number, channel, channel.*, user, subtotal, subtotal.*, total.*, undiscountedTotal.*, shippingPrice.*, totalCharged.*, totalRefunded.*, lines.*, refunds, refunds.*
WITH paid AS (
    SELECT *, coalesce(charges, charged + coalesce(given_back, 0)) AS sale,
           CASE WHEN charges > 0 THEN charged_at WHEN sale > 0 OR (isPaid AND total = 0) THEN created END AS paid_at,
           list_sum(list_transform(from_json(lines, '[{"quantity":"BIGINT"}]'), lambda l : l.quantity)) AS units,
           CASE status WHEN 'CANCELED' THEN 50 WHEN 'EXPIRED' THEN 50 WHEN 'RETURNED' THEN 35 WHEN 'PARTIALLY_RETURNED' THEN 33 WHEN 'FULFILLED' THEN 30
                       WHEN 'PARTIALLY_FULFILLED' THEN 25 ELSE CASE WHEN paid_at IS NULL THEN 10 ELSE 20 END END AS state
    FROM raw WHERE status <> 'DRAFT')
SELECT _row, $account AS account, order_id, buyer,
       CASE WHEN state = 50 THEN 'closed' WHEN state >= 30 THEN 'shipped' WHEN paid_at IS NULL THEN 'unpaid' ELSE 'paid' END AS status,
       status || '/' || coalesce(chargeStatus, '') AS status_raw, created AS created_at, paid_at, upper(money) AS currency, total AS placed_amount,
       CASE WHEN paid_at IS NOT NULL THEN sale END AS paid_amount, freight, full_price - total AS seller_discount, units, '' AS channel,
       changed AS updated_at, state AS status_rank
FROM paid
