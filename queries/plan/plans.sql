-- purpose: the plans of the book, the ones that run now first
-- params:  day DATE
-- grain:   one row per plan (its latest version)
-- units:   nodes and versions are counts; day and day_to are the plan's own dates
-- reads:   plan
SELECT plan, title, kind, state, author, owner, shop, day, day_to, currency, nodes, versions, version, as_of,
       coalesce($day::DATE BETWEEN day AND day_to, FALSE) AS runs
FROM plan
ORDER BY runs DESC, coalesce(day, DATE '1900-01-01') DESC, plan
