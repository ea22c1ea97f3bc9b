-- Source: Tmall 售后 export, sheet export, 52 columns, most of them personal and removed.
-- Grain:  one row per refund case.
-- Units:  CNY. applied_amount = 退款总额 as asked for; amount = 退给买家金额 once the refund succeeded, on the day it did.
SELECT _row,
       "退款编号" AS refund_id,
       "订单编号" AS order_id,
       "商品id" AS item_id,
       "退款申请时间" AS applied_at,
       "订单付款时间" AS paid_at,
       CASE WHEN "退款状态" = '退款成功' THEN "退款完结时间" END AS done_at,
       $currency AS currency,
       "退款总额" AS applied_amount,
       CASE WHEN "退款状态" = '退款成功' THEN coalesce("退给买家金额", "退款总额") END AS amount,
       "退款状态" = '退款成功' AS is_done,
       "售后类型" AS kind,
       "买家退款原因" AS reason,
       "退款状态" AS status_raw,
       CASE WHEN "退款状态" = '退款成功' THEN 40 WHEN "退款状态" LIKE '%关闭%' THEN 30
            WHEN "退款状态" LIKE '%等待卖家确认收货%' THEN 20 WHEN "退款状态" LIKE '%等待买家退货%' THEN 15 ELSE 10 END AS status_rank
FROM raw
