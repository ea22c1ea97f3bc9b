-- Source: Doudian 动账明细 (the header really spells 动帐流水号); ids carry a leading apostrophe.
-- Grain:  one row per movement on the platform's balance.
-- Units:  CNY. amount is signed (in +, out -). fee, commission and refunds are what the movement took from the seller,
--         positive; fee = 平台服务费 + 招商服务费 + 服务商佣金.
SELECT _row,
       "动帐流水号" AS flow_id,
       "订单号" AS order_id,
       "动账时间" AS happened_at,
       $currency AS currency,
       CASE WHEN "动账方向" LIKE '%出%' THEN -abs("动账金额") ELSE "动账金额" END AS amount,
       "动账场景" AS kind,
       -(coalesce("平台服务费", 0) + coalesce("招商服务费", 0) + coalesce("服务商佣金", 0)) AS fee,
       -"佣金" AS commission,
       -"订单退款" AS refunds
FROM raw
