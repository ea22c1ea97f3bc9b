-- Source:  channels/livedashboard/getlivedata, single_live_ec_spu_data_page_v2
-- Grain:   one row per product of a live session, as far as the dashboard lists them
-- Units:   fen on the wire, CNY here; people
-- table:   live_item
-- each:    live.single_live_ec_spu_data_page_v2.spu_data_list
-- columns: ^live.live_dashboard_data.start_time unix_s! AS started_at, base_data.spu_id id! AS item_id, base_data.spu_name text AS title, gmv fen!,
--          exp_uv count, clk_uv count, pay_uv count, pay_pv count
-- ignored: export_id, create_time, live.*
SELECT _row, $account AS account, started_at, item_id, title, $currency AS currency, exp_uv AS product_impression_users,
       clk_uv AS product_click_users, pay_uv AS buyers, pay_pv AS orders, gmv AS live_sales
FROM raw
