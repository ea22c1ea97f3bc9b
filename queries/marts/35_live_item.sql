-- mart: live_item
-- replace: touched
-- grain: shop, session, item_id; the items of a session from the best report that lists them
-- reads: live_item, mart.live_member, mart.shop
WITH listed AS (
    SELECT m.shop, m.day, m.session, i.source, i.item_id, i.title, i.currency, i.product_impression_users, i.product_click_users,
           i.buyers, i.orders, i.units, i.live_sales, i.user_paid,
           dense_rank() OVER (PARTITION BY m.shop, m.session ORDER BY m.place) AS report_place
    FROM mart.live_member m
    JOIN touched t ON t.shop = m.shop AND t.day = m.day
    JOIN live_item i ON i.shop = m.shop AND i.source = m.source AND coalesce(i.account, '') = m.account AND i.started_at = m.started_at
    WHERE NOT m.is_minutes AND m.session IS NOT NULL
)
SELECT l.shop, l.day, l.session, l.item_id, l.title, coalesce(l.currency, s.currency) AS currency, l.product_impression_users,
       l.product_click_users, l.buyers, l.orders, l.units, l.live_sales, l.user_paid, l.source
FROM listed l JOIN mart.shop s ON s.shop = l.shop
WHERE l.report_place = 1
