-- Source:  runReport by date and sessionDefaultChannelGroup
-- Grain:   one row per day and channel
-- Units:   people, purchases, revenue in metadata.currencyCode as the page's script saw it, less refunds where the shop sends them. People come by
--          several channels: visitors of channels do not add up. Channels whose name begins with Paid are paid ones.
-- table:   source_day
-- columns: date day! AS day, sessionDefaultChannelGroup text! AS channel, totalUsers count! AS visitors,
--          ecommercePurchases count AS purchases, purchaseRevenue money AS revenue, metadata.currencyCode text AS currency
-- ignored: metadata.*
SELECT _row, $account AS account, channel AS level1, day, FALSE AS is_subtotal, channel LIKE 'Paid %' AS is_paid,
       coalesce(currency, $currency) AS currency, visitors, purchases AS paid_orders, revenue AS sales
FROM raw
