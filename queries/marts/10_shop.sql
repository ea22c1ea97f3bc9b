-- mart: shop
-- replace: all
-- grain: shop; a shop known only from its packages is listed under its id
-- reads: shop, package
SELECT shop, coalesce(name, shop) AS name, coalesce(platform, 'other') AS platform,
       coalesce(currency, 'CNY') AS currency, coalesce(zone, 'Asia/Shanghai') AS zone
FROM shop
UNION ALL
SELECT p.shop, p.shop AS name, coalesce(max(p.platform), 'other') AS platform, 'CNY' AS currency, 'Asia/Shanghai' AS zone
FROM package p
WHERE p.shop <> '' AND p.state = 'committed' AND p.kind NOT IN ('undo', 'accept')  -- a shop whose only import was taken back is gone
  AND NOT EXISTS (SELECT 1 FROM shop s WHERE s.shop = p.shop)
GROUP BY p.shop
