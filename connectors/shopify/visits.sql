-- Source:  ShopifyQL, FROM sessions, human sessions only
-- Grain:   one figure of the whole store per day and metric; a session belongs to the day it started
-- Units:   sessions; visitors are people of one day. Sessions with a cart are no people who added to one, so cart_users stays empty.
-- table:   observation
-- columns: day day!, sessions count! AS visits, online_store_visitors count AS visitors, pageviews count AS page_views,
--          sessions_with_cart_additions count AS cart_visits, sessions_that_reached_checkout count AS checkout_visits,
--          sessions_that_completed_checkout count AS order_visits
-- ignored: conversion_rate
WITH figures AS (
    SELECT _row, day, visits::DECIMAL(18, 4) AS visits, visitors::DECIMAL(18, 4) AS visitors, page_views::DECIMAL(18, 4) AS page_views,
           cart_visits::DECIMAL(18, 4) AS cart_visits, checkout_visits::DECIMAL(18, 4) AS checkout_visits, order_visits::DECIMAL(18, 4) AS order_visits
    FROM raw)
SELECT _row, $account AS account, metric, 'day' AS period_kind, day, day AS day_to, value
FROM (UNPIVOT figures ON COLUMNS(* EXCLUDE (_row, day)) INTO NAME metric VALUE value)
