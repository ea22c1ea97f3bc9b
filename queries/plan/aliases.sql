-- purpose: what people call tools and channels in their plans, as they taught the book
-- params:  none
-- grain:   one row per alias and platform
-- units:   none
-- reads:   alias
SELECT alias, name, platform
FROM alias
ORDER BY alias, platform
