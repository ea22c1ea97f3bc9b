-- mart: channel_day
-- replace: touched
-- grain: shop, currency, day, channel; paid orders of the day's order list by where they were sold ('' when it does not say)
-- reads: order_head, order_line, mart.shop, mart.order_source, mart.flagged_order
WITH flagged AS (SELECT DISTINCT shop, order_id FROM mart.flagged_order),
chosen AS (SELECT o.* FROM mart.order_source o JOIN touched t ON t.shop = o.shop AND t.day = o.day),
heads AS (
    SELECT h.shop, h.currency, o.day, o.source, coalesce(h.channel, '') AS channel, sum(h.paid_amount) AS sales, count(*) AS paid_orders,
           CASE WHEN count(h.units) = count(*) THEN sum(h.units) END AS units,
           CASE WHEN count(h.buyer) = count(*) THEN count(DISTINCT hash(h.buyer)) END AS paying_buyers, max(h.as_of) AS as_of
    FROM order_head h
    JOIN chosen o ON o.shop = h.shop AND o.source = h.source AND o.target = 'order_head' AND o.day = CAST(h.paid_at AS DATE)
    WHERE h.paid_at >= getvariable('first_day') AND h.paid_at < getvariable('end_day')
      AND NOT coalesce(h.is_test OR h.is_gift OR h.is_brush, FALSE)
    GROUP BY h.shop, h.currency, o.day, o.source, coalesce(h.channel, '')
),
lines AS (
    SELECT l.shop, l.currency, o.day, o.source, coalesce(l.channel, '') AS channel, sum(l.paid_amount) AS sales,
           count(DISTINCT hash(l.order_id)) AS paid_orders, CASE WHEN count(l.units) = count(*) THEN sum(l.units) END AS units,
           NULL AS paying_buyers, max(l.as_of) AS as_of
    FROM order_line l
    JOIN chosen o ON o.shop = l.shop AND o.source = l.source AND o.target = 'order_line' AND o.day = CAST(l.paid_at AS DATE)
    WHERE l.paid_at >= getvariable('first_day') AND l.paid_at < getvariable('end_day')
      AND NOT coalesce(l.is_test OR l.is_gift OR l.is_brush, FALSE)
      AND NOT EXISTS (SELECT 1 FROM flagged f WHERE f.shop = l.shop AND f.order_id = l.order_id)
    GROUP BY l.shop, l.currency, o.day, o.source, coalesce(l.channel, '')
)
SELECT c.shop, s.platform, coalesce(c.currency, s.currency) AS currency, c.day, c.channel, c.source,
       CAST(c.sales AS DECIMAL(18,4)) AS sales, CAST(c.paid_orders AS DECIMAL(18,4)) AS paid_orders,
       CAST(c.units AS DECIMAL(18,4)) AS units, CAST(c.paying_buyers AS DECIMAL(18,4)) AS paying_buyers, c.as_of
FROM (SELECT * FROM heads UNION ALL SELECT * FROM lines) c
JOIN mart.shop s ON s.shop = c.shop
