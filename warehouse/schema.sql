-- Every fact table, once. A comment block in front of each table is read by warehouse/tables.py:
--   key    one row per these columns (no index guards it: `doctor` and the tests do)
--   days   the columns whose calendar days a changed row touches (old and new values both)
--   merge  upsert: one row per key, greatest (updated_at, status_rank, as_of, content hash) wins
--          slice:  all rows of one (shop, source, account, day) come from one package
-- Missing text keys are '' and a missing hour is -1, so keys compare with plain "=".
-- Money is DECIMAL(18,4) in `currency`; instants are shop-local TIMESTAMP (updated_at of API facts is UTC: it is only compared); counts are DECIMAL(18,4)
-- because platforms do state fractions (1.5 conversions); rates are never stored, their parts are.

-- purpose: shops and how their days and money are read
-- key: shop    merge: upsert
CREATE TABLE IF NOT EXISTS fact.shop (
    shop TEXT, name TEXT, platform TEXT, currency TEXT, zone TEXT, note_pattern TEXT,
    source TEXT, package TEXT, as_of TIMESTAMP, updated_at TIMESTAMP, status_rank SMALLINT);

-- purpose: one order as its export or API states it; amounts once per order
-- key: shop, source, order_id    days: created_at, paid_at, refund_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.order_head (
    shop TEXT, source TEXT, order_id TEXT, account TEXT,
    buyer TEXT,                         -- keyed hash; NULL when masked or not given
    status TEXT,                        -- unpaid | paid | shipped | done | closed
    status_raw TEXT,
    created_at TIMESTAMP, paid_at TIMESTAMP, done_at TIMESTAMP,
    currency TEXT,
    placed_amount DECIMAL(18,4),        -- what was ordered, paid or not
    paid_amount DECIMAL(18,4),          -- paid, before refunds; NULL when unpaid
    freight DECIMAL(18,4), seller_discount DECIMAL(18,4), platform_discount DECIMAL(18,4), host_discount DECIMAL(18,4),
    refund_amount DECIMAL(18,4),        -- refunded so far, as the order list states it
    refund_at TIMESTAMP,                -- NULL: no date given, then booked on the paid day
    units DECIMAL(18,4),
    channel TEXT,                       -- live_own | live_host | video | card | search | other | ''
    host TEXT,
    is_test BOOLEAN, is_gift BOOLEAN, is_brush BOOLEAN, is_presale BOOLEAN,
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: one line (SKU) of an order
-- key: shop, source, order_id, line_id    days: created_at, paid_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.order_line (
    shop TEXT, source TEXT, order_id TEXT, line_id TEXT, account TEXT,
    item_id TEXT, sku_id TEXT, sku_code TEXT, title TEXT,
    status TEXT, status_raw TEXT,
    created_at TIMESTAMP, paid_at TIMESTAMP, currency TEXT,
    units DECIMAL(18,4), list_price DECIMAL(18,4),
    placed_amount DECIMAL(18,4), paid_amount DECIMAL(18,4), refund_amount DECIMAL(18,4),
    channel TEXT, host TEXT,
    is_test BOOLEAN, is_gift BOOLEAN, is_brush BOOLEAN, is_presale BOOLEAN,
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: one refund or after-sales case
-- key: shop, source, refund_id    days: applied_at, done_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.refund (
    shop TEXT, source TEXT, refund_id TEXT, order_id TEXT, line_id TEXT, item_id TEXT, account TEXT,
    applied_at TIMESTAMP, paid_at TIMESTAMP, done_at TIMESTAMP, currency TEXT,
    applied_amount DECIMAL(18,4), amount DECIMAL(18,4),   -- asked for; given back to the buyer
    is_done BOOLEAN, kind TEXT, reason TEXT, status_raw TEXT,
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: what an item is called
-- key: shop, source, item_id    merge: upsert
CREATE TABLE IF NOT EXISTS fact.item (
    shop TEXT, source TEXT, item_id TEXT, title TEXT, code TEXT, category TEXT,
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: one platform or typed figure; scope '' is the whole shop, else 'item:ID', 'account:ID', 'channel:NAME'
-- key: shop, source, account, metric, scope, period_kind, day, hour    days: day    merge: slice
CREATE TABLE IF NOT EXISTS fact.observation (
    shop TEXT, source TEXT, account TEXT, metric TEXT, scope TEXT,
    period_kind TEXT,                   -- hour | day | week | month | range
    day DATE, day_to DATE,              -- first and last day of the period
    hour SMALLINT, currency TEXT, value DECIMAL(18,4), is_masked BOOLEAN,
    package TEXT, as_of TIMESTAMP);

-- purpose: one visitor action (open shops, event logs)
-- key: shop, source, visitor, item_id, kind, happened_at, line_id    days: happened_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.visit (
    shop TEXT, source TEXT, visitor TEXT, item_id TEXT, kind TEXT,   -- view | cart | favourite | buy
    happened_at TIMESTAMP, line_id TEXT, account TEXT,
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: an item's day as the platform states it
-- key: shop, source, account, item_id, day    days: day    merge: slice
CREATE TABLE IF NOT EXISTS fact.item_day (
    shop TEXT, source TEXT, account TEXT, item_id TEXT, day DATE, title TEXT, code TEXT, currency TEXT,
    visitors DECIMAL(18,4), page_views DECIMAL(18,4), stay_s DECIMAL(18,4), bounced DECIMAL(18,4),
    cart_users DECIMAL(18,4), cart_units DECIMAL(18,4), fav_users DECIMAL(18,4),
    placed_buyers DECIMAL(18,4), placed_units DECIMAL(18,4), placed_orders DECIMAL(18,4), placed_amount DECIMAL(18,4),
    paying_buyers DECIMAL(18,4), paid_orders DECIMAL(18,4), units DECIMAL(18,4), sales DECIMAL(18,4),
    new_buyers DECIMAL(18,4), old_buyers DECIMAL(18,4), old_buyer_sales DECIMAL(18,4),
    refunds DECIMAL(18,4), search_impressions DECIMAL(18,4), search_clicks DECIMAL(18,4),
    package TEXT, as_of TIMESTAMP);

-- purpose: visitors and sales by traffic source; levels '' below the row's own depth
-- key: shop, source, account, carrier, level1, level2, level3, level4, item_id, day    days: day    merge: slice
CREATE TABLE IF NOT EXISTS fact.source_day (
    shop TEXT, source TEXT, account TEXT, carrier TEXT, level1 TEXT, level2 TEXT, level3 TEXT, level4 TEXT,
    item_id TEXT, day DATE, is_subtotal BOOLEAN, is_paid BOOLEAN, currency TEXT,
    visitors DECIMAL(18,4), new_visitors DECIMAL(18,4), page_views DECIMAL(18,4), stay_s DECIMAL(18,4),
    cart_users DECIMAL(18,4), cart_units DECIMAL(18,4), fav_users DECIMAL(18,4), follow_users DECIMAL(18,4),
    placed_buyers DECIMAL(18,4), placed_amount DECIMAL(18,4),
    paying_buyers DECIMAL(18,4), paid_orders DECIMAL(18,4), units DECIMAL(18,4), sales DECIMAL(18,4),
    package TEXT, as_of TIMESTAMP);

-- purpose: ad spend and what the platform credits to it; hour -1 is the whole day
-- key: shop, source, account, campaign_id, ad_group_id, ad_id, item_id, day, hour, attribution    days: day    merge: slice
CREATE TABLE IF NOT EXISTS fact.ad_day (
    shop TEXT, source TEXT, account TEXT, campaign_id TEXT, ad_group_id TEXT, ad_id TEXT, item_id TEXT,
    day DATE, hour SMALLINT, attribution TEXT,            -- the platform's own words, '' when not stated
    attribution_days SMALLINT,
    scene TEXT, campaign TEXT, ad_group TEXT, ad TEXT, title TEXT, currency TEXT,
    spend DECIMAL(18,4), impressions DECIMAL(18,4), clicks DECIMAL(18,4),
    attributed_sales DECIMAL(18,4), direct_sales DECIMAL(18,4), indirect_sales DECIMAL(18,4),
    attributed_orders DECIMAL(18,4), direct_orders DECIMAL(18,4),
    net_attributed_sales DECIMAL(18,4), net_attributed_orders DECIMAL(18,4), refund_1h DECIMAL(18,4),
    user_paid DECIMAL(18,4), coupon_amount DECIMAL(18,4), presale_amount DECIMAL(18,4),
    cart_adds DECIMAL(18,4), favourites DECIMAL(18,4), new_buyers DECIMAL(18,4), buyers DECIMAL(18,4),
    reach DECIMAL(18,4), video_views DECIMAL(18,4), follows DECIMAL(18,4), leads DECIMAL(18,4),
    package TEXT, as_of TIMESTAMP);

-- purpose: one live session as one report states it; ended_at NULL when only the start is given
-- key: shop, source, account, started_at    days: started_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.live_session (
    shop TEXT, source TEXT, account TEXT, started_at TIMESTAMP, ended_at TIMESTAMP,
    account_name TEXT, session_id TEXT, title TEXT, currency TEXT, duration_s DECIMAL(18,4),
    room_impression_users DECIMAL(18,4), room_impressions DECIMAL(18,4),
    viewers DECIMAL(18,4), views DECIMAL(18,4), watch_s DECIMAL(18,4),     -- watch_s: total seconds watched
    pcu DECIMAL(18,4), acu DECIMAL(18,4),
    comments DECIMAL(18,4), likes DECIMAL(18,4), shares DECIMAL(18,4), new_followers DECIMAL(18,4), unfollows DECIMAL(18,4),
    items DECIMAL(18,4),
    product_impression_users DECIMAL(18,4), product_impressions DECIMAL(18,4),
    product_click_users DECIMAL(18,4), product_clicks DECIMAL(18,4),
    buyers DECIMAL(18,4), orders DECIMAL(18,4), placed_orders DECIMAL(18,4), units DECIMAL(18,4),
    live_sales DECIMAL(18,4), user_paid DECIMAL(18,4),
    refunds DECIMAL(18,4), refund_orders DECIMAL(18,4), refund_1h DECIMAL(18,4), refund_1h_orders DECIMAL(18,4),
    net_live_sales DECIMAL(18,4), net_orders DECIMAL(18,4),
    ad_spend DECIMAL(18,4), commission DECIMAL(18,4), coupon_cost DECIMAL(18,4),
    avg_watch_s DECIMAL(18,4),                                              -- only where a person read it off: never a part of a sum
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: one minute (or the report's own step) of a live room; per-minute values, never cumulative
-- key: shop, source, account, happened_at    days: happened_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.live_minute (
    shop TEXT, source TEXT, account TEXT, happened_at TIMESTAMP, step_s INTEGER, currency TEXT,
    enters DECIMAL(18,4), leaves DECIMAL(18,4), online DECIMAL(18,4),
    comments DECIMAL(18,4), likes DECIMAL(18,4), new_followers DECIMAL(18,4),
    product_impression_users DECIMAL(18,4), product_click_users DECIMAL(18,4),
    orders DECIMAL(18,4), live_sales DECIMAL(18,4), watch_s DECIMAL(18,4),
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: one item within one live session
-- key: shop, source, account, started_at, item_id    days: started_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.live_item (
    shop TEXT, source TEXT, account TEXT, started_at TIMESTAMP, item_id TEXT, title TEXT, currency TEXT,
    product_impression_users DECIMAL(18,4), product_click_users DECIMAL(18,4),
    buyers DECIMAL(18,4), orders DECIMAL(18,4), units DECIMAL(18,4), live_sales DECIMAL(18,4), user_paid DECIMAL(18,4),
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: one traffic channel (or lead-in video) within one live session
-- key: shop, source, account, started_at, kind, channel    days: started_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.live_channel (
    shop TEXT, source TEXT, account TEXT, started_at TIMESTAMP, kind TEXT, channel TEXT, currency TEXT,   -- kind: channel | video
    viewers DECIMAL(18,4), views DECIMAL(18,4), watch_s DECIMAL(18,4), orders DECIMAL(18,4), user_paid DECIMAL(18,4),
    ad_spend DECIMAL(18,4), impressions DECIMAL(18,4),
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: what happened on air: script rows, explain windows, pins, coupons, notes
-- key: shop, source, account, happened_at, kind, item_id    days: happened_at, sheet_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.live_event (
    shop TEXT, source TEXT, account TEXT, happened_at TIMESTAMP, until TIMESTAMP,
    kind TEXT,                                             -- explain | script | pin | coupon | lucky_bag | host | boost | note
    item_id TEXT, link_no TEXT, text TEXT, is_removed BOOLEAN,  -- link_no: the number of the link (链接号) in that session
    sheet_at TIMESTAMP,                                    -- of a script row: the planned start of its run sheet; happened_at is the row's planned time
    segment TEXT, host TEXT, action TEXT, offer TEXT, duty TEXT,
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: affiliate commission and service fee by order line
-- key: shop, source, line_id    days: created_at, settled_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.commission (
    shop TEXT, source TEXT, line_id TEXT, order_id TEXT, account TEXT, item_id TEXT, partner TEXT, campaign TEXT,
    created_at TIMESTAMP, settled_at TIMESTAMP, refunded_at TIMESTAMP, currency TEXT,
    paid_amount DECIMAL(18,4), units DECIMAL(18,4),
    commission DECIMAL(18,4), service_fee DECIMAL(18,4),                  -- refunds of commission are negative rows
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: money moved on the platform's account (settlement, fees, refunds)
-- key: shop, source, flow_id    days: happened_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.fund (
    shop TEXT, source TEXT, flow_id TEXT, order_id TEXT, account TEXT, happened_at TIMESTAMP, currency TEXT,
    amount DECIMAL(18,4),                                                  -- signed: + in, - out
    kind TEXT, fee DECIMAL(18,4), commission DECIMAL(18,4), refunds DECIMAL(18,4),
    updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: campaigns of the calendar (618, Double 11, own events)
-- key: promotion    merge: upsert
CREATE TABLE IF NOT EXISTS fact.promotion (
    promotion TEXT, shop TEXT, name TEXT, phase TEXT, day DATE, day_to DATE,
    source TEXT, updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: typed cost lines and rates, valid from a day on; item_id '' is the whole shop
-- key: shop, item_id, kind, day    days: day    merge: upsert
CREATE TABLE IF NOT EXISTS fact.cost (
    shop TEXT, item_id TEXT, kind TEXT,                                    -- margin_rate | fee_rate | freight_per_order | unit_cost | fixed_month
    day DATE, value DECIMAL(18,6), currency TEXT, is_removed BOOLEAN,
    source TEXT, updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: one thing done (calls, posts, trainings): unit covered, due, done, evidence
-- key: activity    days: due, done_at    merge: upsert
CREATE TABLE IF NOT EXISTS fact.activity (
    activity TEXT, shop TEXT, plan TEXT, node TEXT, what TEXT,
    unit TEXT,                                                              -- the institution, person, client, account it was done for
    due DATE, done_at TIMESTAMP, qty DECIMAL(18,4),
    result TEXT,                                                            -- pass | fail | '' (nothing to pass)
    owner TEXT, evidence TEXT, note TEXT, is_removed BOOLEAN,
    source TEXT, updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: one version of a plan, as somebody saved it; a plan is what its latest version says
-- key: plan, version    merge: upsert
CREATE TABLE IF NOT EXISTS fact.plan_version (
    plan TEXT, version TEXT,                                                -- version: when it was saved, UTC, sorts by time
    title TEXT, kind TEXT, author TEXT, owner TEXT, state TEXT,             -- draft | submitted | approved | issued
    shop TEXT, day DATE, day_to DATE, currency TEXT, nodes BIGINT, comment TEXT,
    spec TEXT,                                                              -- the header whole, as JSON
    is_removed BOOLEAN,
    source TEXT, updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: one node of a version of a plan; a month target per shop and metric is a node of plan 'targets', version ''
-- key: plan, version, node    merge: upsert
CREATE TABLE IF NOT EXISTS fact.plan_node (
    plan TEXT, version TEXT, node TEXT, parent TEXT, seq BIGINT, kind TEXT, name TEXT, metric TEXT, shop TEXT,
    scope TEXT,                                                             -- '' the whole shop, else JSON: {"channel": …}
    period_kind TEXT, day DATE, day_to DATE, currency TEXT,
    target DECIMAL(18,4), target_min DECIMAL(18,4), target_max DECIMAL(18,4), unit TEXT, direction TEXT,
    state TEXT, owner TEXT, note TEXT,
    spec TEXT,                                                              -- the node whole, as typed, as JSON
    is_removed BOOLEAN,
    source TEXT, updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: a typed actual of a plan's node: an amount of a day, a level at a day, or the two parts of a ratio
-- key: plan, node, unit, day    merge: upsert
CREATE TABLE IF NOT EXISTS fact.plan_value (
    plan TEXT, node TEXT, unit TEXT, day DATE, shop TEXT,
    value DECIMAL(18,4), of_value DECIMAL(18,4),                            -- of_value: below the line of a ratio
    currency TEXT, note TEXT, is_removed BOOLEAN,
    source TEXT, updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: what people call a tool or channel in their plans, and what reports call it
-- key: alias, platform    merge: upsert
CREATE TABLE IF NOT EXISTS fact.alias (
    alias TEXT, platform TEXT, name TEXT, is_removed BOOLEAN,
    source TEXT, updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: a person's remark on a shop's day
-- key: note    days: day    merge: upsert
CREATE TABLE IF NOT EXISTS fact.note (
    note TEXT, shop TEXT, day DATE, text TEXT, author TEXT, is_removed BOOLEAN,
    source TEXT, updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: what a person fixed a purse's day at; the other days of the month make room for it
-- key: shops, purse, currency, day    merge: upsert
CREATE TABLE IF NOT EXISTS fact.budget_day (
    shops TEXT,                                                             -- '' all, else the ids of the shops looked at, in order, by comma
    purse TEXT,                                                             -- '' all ad money
    currency TEXT, day DATE, amount DECIMAL(18,4), is_removed BOOLEAN,
    source TEXT, updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: typed exchange rates: 1 currency = rate x display currency, from that day on
-- key: currency, display, day    merge: upsert
CREATE TABLE IF NOT EXISTS fact.fx_rate (
    currency TEXT, display TEXT, day DATE, rate DECIMAL(18,8), is_removed BOOLEAN,
    source TEXT, updated_at TIMESTAMP, status_rank SMALLINT, package TEXT, as_of TIMESTAMP);

-- purpose: who supplies what: the kind of a source ranks it for a metric, its purse says which money it counts
-- key: source    merge: internal
CREATE TABLE IF NOT EXISTS fact.source (
    source TEXT, kind TEXT, rank INTEGER, purse TEXT, platform TEXT, label_zh TEXT, label_en TEXT);

-- purpose: which package holds a slice now, and which wait beside it
-- key: target, shop, source, account, day, package    merge: internal
CREATE TABLE IF NOT EXISTS fact.slice (
    target TEXT, shop TEXT, source TEXT, account TEXT, day DATE, package TEXT,
    is_clean BOOLEAN, as_of TIMESTAMP, hash HUGEINT, row_count BIGINT, is_current BOOLEAN,
    spend DECIMAL(18,4), attributed_sales DECIMAL(18,4));  -- of ad_day: what the package says of the day, so that it can be seen how days move

-- purpose: days that a source answers for; covered without rows is 0, not covered is unknown
-- key: target, shop, source, account, day, package    merge: internal
CREATE TABLE IF NOT EXISTS fact.coverage (
    target TEXT, shop TEXT, source TEXT, account TEXT, day DATE, package TEXT,
    is_partial BOOLEAN, as_of TIMESTAMP);

-- purpose: totals a file states, kept out of the rows and held against their sum
-- key: package, part, name    merge: internal
CREATE TABLE IF NOT EXISTS fact.source_total (
    package TEXT, shop TEXT, source TEXT, part TEXT, name TEXT, stated DECIMAL(18,4), summed DECIMAL(18,4), difference DECIMAL(18,4), note TEXT);

-- purpose: rows that could not be read, with the raw row and why
-- key: package, part, target, row_no    merge: internal
CREATE TABLE IF NOT EXISTS fact.quarantine (
    package TEXT, shop TEXT, source TEXT, part TEXT, target TEXT, row_no BIGINT, name TEXT, value TEXT, reason TEXT, raw TEXT);

-- purpose: packages this warehouse holds, with what each did
-- key: package    merge: internal
CREATE TABLE IF NOT EXISTS fact.package (
    package TEXT, source TEXT, kind TEXT, shop TEXT, account TEXT, platform TEXT, file_name TEXT, sha256 TEXT, author TEXT,
    sealed_at TIMESTAMP, as_of TIMESTAMP, day_from DATE, day_to DATE, is_complete BOOLEAN,
    rows_read BIGINT, rows_stored BIGINT, rows_quarantined BIGINT, unknown_columns TEXT, removed_columns TEXT,
    state TEXT, refers TEXT, cursor TEXT);        -- state: committed | undone; refers: the package that this one undoes or accepts

-- purpose: days whose marts wait for a generation that holds them
-- key: shop, day    merge: internal
CREATE TABLE IF NOT EXISTS fact.touched (shop TEXT, day DATE);

-- purpose: fact tables written since the current generation; empty while days are touched means any of them
-- key: target    merge: internal
CREATE TABLE IF NOT EXISTS fact.changed (target TEXT);
