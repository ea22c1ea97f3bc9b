-- Source: Compass 流量综合趋势 (minute level); header assembled from public readers, order unknown.
-- Grain:  one row per minute of one room; the file names no room, so it joins its session by time.
-- Units:  people, times, CNY. A column that never falls over the whole file and ends above its start is a running total and
--         is turned into steps; every other column is per minute already. online is a level and stays as it is.
WITH steps AS (
    SELECT *,
           lag("进入直播间人数") OVER by_time AS p_enters, lag("直播间离开人数") OVER by_time AS p_leaves,
           lag("商品曝光人数") OVER by_time AS p_shown, lag("商品点击人数") OVER by_time AS p_clicked,
           lag("评论次数") OVER by_time AS p_comments, lag("点赞次数") OVER by_time AS p_likes,
           lag("新增粉丝数") OVER by_time AS p_followers,
           lag("成交订单数") OVER by_time AS p_orders, lag("成交金额") OVER by_time AS p_sales,
           date_diff('second', lag("时间") OVER by_time, "时间") AS gap
    FROM raw
    WINDOW by_time AS (ORDER BY "时间", _row)),
running AS (
    SELECT count(*) > 2 AND bool_and("进入直播间人数" >= p_enters) AND max("进入直播间人数") > min("进入直播间人数") AS enters,
           count(*) > 2 AND bool_and("直播间离开人数" >= p_leaves) AND max("直播间离开人数") > min("直播间离开人数") AS leaves,
           count(*) > 2 AND bool_and("商品曝光人数" >= p_shown) AND max("商品曝光人数") > min("商品曝光人数") AS shown,
           count(*) > 2 AND bool_and("商品点击人数" >= p_clicked) AND max("商品点击人数") > min("商品点击人数") AS clicked,
           count(*) > 2 AND bool_and("评论次数" >= p_comments) AND max("评论次数") > min("评论次数") AS comments,
           count(*) > 2 AND bool_and("点赞次数" >= p_likes) AND max("点赞次数") > min("点赞次数") AS likes,
           count(*) > 2 AND bool_and("新增粉丝数" >= p_followers) AND max("新增粉丝数") > min("新增粉丝数") AS followers,
           count(*) > 2 AND bool_and("成交订单数" >= p_orders) AND max("成交订单数") > min("成交订单数") AS orders,
           count(*) > 2 AND bool_and("成交金额" >= p_sales) AND max("成交金额") > min("成交金额") AS sales,
           coalesce(median(gap), 60)::INTEGER AS step_s
    FROM steps)
SELECT _row,
       $account AS account,
       "时间" AS happened_at,
       running.step_s AS step_s,
       $currency AS currency,
       "进入直播间人数" - CASE WHEN running.enters THEN coalesce(p_enters, 0) ELSE 0 END AS enters,
       "直播间离开人数" - CASE WHEN running.leaves THEN coalesce(p_leaves, 0) ELSE 0 END AS leaves,
       "实时在线人数" AS online,
       "评论次数" - CASE WHEN running.comments THEN coalesce(p_comments, 0) ELSE 0 END AS comments,
       "点赞次数" - CASE WHEN running.likes THEN coalesce(p_likes, 0) ELSE 0 END AS likes,
       "新增粉丝数" - CASE WHEN running.followers THEN coalesce(p_followers, 0) ELSE 0 END AS new_followers,
       "商品曝光人数" - CASE WHEN running.shown THEN coalesce(p_shown, 0) ELSE 0 END AS product_impression_users,
       "商品点击人数" - CASE WHEN running.clicked THEN coalesce(p_clicked, 0) ELSE 0 END AS product_click_users,
       "成交订单数" - CASE WHEN running.orders THEN coalesce(p_orders, 0) ELSE 0 END AS orders,
       "成交金额" - CASE WHEN running.sales THEN coalesce(p_sales, 0) ELSE 0 END AS live_sales
FROM steps, running
