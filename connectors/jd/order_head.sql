-- Source:  jingdong.pop.order.enSearch
-- Grain:   one row per order
-- Units:   yuan text. Sales are actualPay (what the buyer pays); what was ordered is shouldPay. Sales are before refunds: a paid order
--          that is cancelled later stays a sale of its paid day. Cash on delivery is paid when it is finished, as in the export file.
-- table:   order_head
-- columns: orderId id! AS order_id, orderState text! AS state_text, orderStartTime at! AS created_at, paymentConfirmTime at AS confirmed_at,
--          orderEndTime at AS ended_at, modified at! AS updated_at, actualPay money! AS paid, shouldPay money! AS due, freightPrice money AS freight,
--          totalSellerDiscount money AS seller_discount, itemInfoList json! AS items
-- ignored: venderId, orderType, orderTotalPrice, orderSellerPrice, sellerDiscount, parentOrderId, directParentOrderId, itemInfoList.*, couponDetailList,
--          couponDetailList.*
WITH orders AS (
    SELECT *,
           coalesce(confirmed_at, CASE WHEN state_text = 'FINISHED_L' THEN ended_at END) AS paid_at,
           CASE state_text WHEN 'TRADE_CANCELED' THEN 50 WHEN 'FINISHED_L' THEN 40 WHEN 'WAIT_GOODS_RECEIVE_CONFIRM' THEN 30
                ELSE CASE WHEN confirmed_at IS NULL THEN 10 ELSE 20 END END AS state
    FROM raw)
SELECT _row, $account AS account, order_id,
       CASE state WHEN 10 THEN 'unpaid' WHEN 20 THEN 'paid' WHEN 30 THEN 'shipped' WHEN 40 THEN 'done' ELSE 'closed' END AS status,
       state_text AS status_raw, created_at, paid_at, CASE WHEN state = 40 THEN ended_at END AS done_at, $currency AS currency,
       due AS placed_amount, CASE WHEN paid_at IS NOT NULL THEN paid END AS paid_amount, freight, seller_discount,
       list_sum(list_transform(from_json(items, '[{"itemTotal":"BIGINT"}]'), lambda i : i.itemTotal)) AS units,
       updated_at, state AS status_rank
FROM orders
