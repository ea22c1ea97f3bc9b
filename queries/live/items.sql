-- purpose: the items of one live session, greatest sales first
-- params:  shops VARCHAR[] NULL, session VARCHAR
-- grain:   one row per item
-- units:   people distinct within the item; live_sales in currency; rates and share are fractions, share: of the listed items' sales
--          (of what users paid where the report gives no sales)
-- reads:   live_item
SELECT item_id, title, currency,
    product_impression_users, product_click_users, buyers, orders, units, live_sales, user_paid,
    product_click_users / nullif(product_impression_users, 0) AS product_click_rate,
    buyers / nullif(product_click_users, 0) AS click_to_pay_rate,
    coalesce(
        live_sales / nullif(sum(live_sales) OVER (PARTITION BY currency), 0),
        user_paid / nullif(sum(user_paid) OVER (PARTITION BY currency), 0)) AS share
FROM live_item
WHERE session = $session AND ($shops IS NULL OR list_contains($shops, shop))
ORDER BY coalesce(live_sales, user_paid) DESC NULLS LAST, item_id
LIMIT 500
