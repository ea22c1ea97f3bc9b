-- Source: Taobao affiliate 订单结算 (19 columns).
-- Grain:  one row per settled sub-order.
-- Units:  CNY. Commission and service fee are booked on the day of settlement, some 10-30 days after the order.
SELECT _row,
       "淘宝子订单编号" AS line_id,
       "淘宝父订单编号" AS order_id,
       "商品id" AS item_id,
       "团长名称" AS partner,
       "计划名称" AS campaign,
       "创建时间" AS created_at,
       "淘客结算时间" AS settled_at,
       $currency AS currency,
       "实际成交价格" AS paid_amount,
       "成交商品数" AS units,
       "佣金" AS commission,
       "服务费金额" AS service_fee
FROM raw
