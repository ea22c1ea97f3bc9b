-- mart: live_session
-- replace: touched
-- grain: shop, session; one real session on its start day, every figure from the best report that states it (`sources` lists them)
-- reads: live_session, live_minute, mart.live_member, mart.shop
WITH members AS (
    SELECT m.* FROM mart.live_member m JOIN touched t ON t.shop = m.shop AND t.day = m.day WHERE m.session IS NOT NULL
),
minutes AS (
    SELECT m.shop, m.session, m.place, avg(i.online) AS acu, max(i.online) AS pcu, sum(i.comments) AS comments, sum(i.likes) AS likes,
           sum(i.new_followers) AS new_followers, sum(i.orders) AS orders, sum(i.live_sales) AS live_sales, sum(i.watch_s) AS watch_s,
           max(i.currency) AS currency, max(i.as_of) AS as_of
    FROM members m
    JOIN live_minute i ON i.shop = m.shop AND i.source = m.source AND coalesce(i.account, '') = m.account
                      AND i.happened_at >= m.started_at AND i.happened_at < m.ended_at
    WHERE m.is_minutes
    GROUP BY m.shop, m.session, m.place
),
told AS (
    SELECT m.shop AS at_shop, m.session, m.day, m.session_started_at, m.place, m.source AS from_source, m.has_end, m.ended_at AS until_at,
           coalesce(nullif(m.account, ''), NULL) AS said_account, nullif(m.account_name, '') AS said_name, m.is_minutes,
           l.* EXCLUDE (currency, acu, pcu, comments, likes, new_followers, orders, live_sales, watch_s, as_of),
           coalesce(l.currency, i.currency) AS currency, coalesce(l.acu, i.acu) AS acu, coalesce(l.pcu, i.pcu) AS pcu,
           coalesce(l.comments, i.comments) AS comments, coalesce(l.likes, i.likes) AS likes,
           coalesce(l.new_followers, i.new_followers) AS new_followers, coalesce(l.orders, i.orders) AS orders,
           coalesce(l.live_sales, i.live_sales) AS live_sales, coalesce(l.watch_s, i.watch_s) AS watch_s, greatest(l.as_of, i.as_of) AS as_of
    FROM members m
    LEFT JOIN live_session l ON NOT m.is_minutes AND l.shop = m.shop AND l.source = m.source AND coalesce(l.account, '') = m.account
                            AND l.started_at = m.started_at
    LEFT JOIN minutes i ON i.shop = m.shop AND i.session = m.session AND i.place = m.place
),
merged AS (
    SELECT at_shop AS shop, session, day, session_started_at AS started_at,
           min_by(said_account, place) FILTER (WHERE said_account IS NOT NULL) AS account,
           min_by(said_name, place) FILTER (WHERE said_name IS NOT NULL) AS account_name,
           min_by(title, place) FILTER (WHERE title IS NOT NULL) AS title,
           min_by(until_at, place) FILTER (WHERE has_end) AS ended_at,
           min_by(duration_s, place) FILTER (WHERE duration_s IS NOT NULL) AS duration_s,
           min_by(currency, place) FILTER (WHERE currency IS NOT NULL) AS currency,
           min_by(room_impression_users, place) FILTER (WHERE room_impression_users IS NOT NULL) AS room_impression_users,
           min_by(room_impressions, place) FILTER (WHERE room_impressions IS NOT NULL) AS room_impressions,
           min_by(viewers, place) FILTER (WHERE viewers IS NOT NULL) AS viewers,
           min_by(views, place) FILTER (WHERE views IS NOT NULL) AS views,
           min_by(watch_s, place) FILTER (WHERE watch_s IS NOT NULL) AS watch_s,
           min_by(pcu, place) FILTER (WHERE pcu IS NOT NULL) AS pcu,
           min_by(acu, place) FILTER (WHERE acu IS NOT NULL) AS acu,
           min_by(comments, place) FILTER (WHERE comments IS NOT NULL) AS comments,
           min_by(likes, place) FILTER (WHERE likes IS NOT NULL) AS likes,
           min_by(shares, place) FILTER (WHERE shares IS NOT NULL) AS shares,
           min_by(new_followers, place) FILTER (WHERE new_followers IS NOT NULL) AS new_followers,
           min_by(unfollows, place) FILTER (WHERE unfollows IS NOT NULL) AS unfollows,
           min_by(items, place) FILTER (WHERE items IS NOT NULL) AS items,
           min_by(product_impression_users, place) FILTER (WHERE product_impression_users IS NOT NULL) AS product_impression_users,
           min_by(product_impressions, place) FILTER (WHERE product_impressions IS NOT NULL) AS product_impressions,
           min_by(product_click_users, place) FILTER (WHERE product_click_users IS NOT NULL) AS product_click_users,
           min_by(product_clicks, place) FILTER (WHERE product_clicks IS NOT NULL) AS product_clicks,
           min_by(buyers, place) FILTER (WHERE buyers IS NOT NULL) AS buyers,
           min_by(orders, place) FILTER (WHERE orders IS NOT NULL) AS orders,
           min_by(placed_orders, place) FILTER (WHERE placed_orders IS NOT NULL) AS placed_orders,
           min_by(units, place) FILTER (WHERE units IS NOT NULL) AS units,
           min_by(live_sales, place) FILTER (WHERE live_sales IS NOT NULL) AS live_sales,
           min_by(user_paid, place) FILTER (WHERE user_paid IS NOT NULL) AS user_paid,
           min_by(refunds, place) FILTER (WHERE refunds IS NOT NULL) AS refunds,
           min_by(refund_orders, place) FILTER (WHERE refund_orders IS NOT NULL) AS refund_orders,
           min_by(refund_1h, place) FILTER (WHERE refund_1h IS NOT NULL) AS refund_1h,
           min_by(refund_1h_orders, place) FILTER (WHERE refund_1h_orders IS NOT NULL) AS refund_1h_orders,
           min_by(net_live_sales, place) FILTER (WHERE net_live_sales IS NOT NULL) AS net_live_sales,
           min_by(net_orders, place) FILTER (WHERE net_orders IS NOT NULL) AS net_orders,
           min_by(ad_spend, place) FILTER (WHERE ad_spend IS NOT NULL) AS ad_spend,
           min_by(commission, place) FILTER (WHERE commission IS NOT NULL) AS commission,
           min_by(coupon_cost, place) FILTER (WHERE coupon_cost IS NOT NULL) AS coupon_cost,
           string_agg(DISTINCT from_source, '+' ORDER BY from_source) AS sources, max(as_of) AS as_of
    FROM told
    GROUP BY at_shop, session, day, session_started_at
)
SELECT m.shop, s.platform, coalesce(m.currency, s.currency) AS currency, m.session, m.day, m.started_at,
       m.* EXCLUDE (shop, session, day, started_at, currency, duration_s),
       CAST(coalesce(m.duration_s, date_diff('second', m.started_at, m.ended_at)) AS DECIMAL(18,4)) AS duration_s
FROM merged m JOIN mart.shop s ON s.shop = m.shop
