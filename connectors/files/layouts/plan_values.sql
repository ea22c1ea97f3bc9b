-- Source: a table of the user's own; Chinese or English headers, one line for the typed actual of a plan's node.
-- Grain:  one row per plan, node, object covered and day; of two lines about one the later import stands.
-- Units:  the node's own unit, 万 and % resolved (10.8万 is 108000, 97% is 0.97); of_value is below the line of a ratio. A line
--         without a value says nothing: it waits in quarantine, a blank is not zero.
SELECT _row,
       CASE WHEN "数值" IS NOT NULL THEN "计划" END AS plan,
       "节点" AS node,
       "对象" AS unit,
       "日期" AS day,
       "数值" AS value,
       "分母" AS of_value,
       upper("币种") AS currency,
       "备注" AS note,
       false AS is_removed,
       $sealed_at AS updated_at
FROM raw
