-- Source: a table of the user's own; Chinese or English headers, one line for each thing done or due.
-- Grain:  one row per activity. Its id is 编号, else made of shop, plan, node, what, unit and due date (without one, the
--         time it was done); equal lines count one by one. So a log handed in again with more lines done updates its rows.
-- Units:  qty is pieces, NULL is one; done_at in the shop's own time; result pass or fail, '' when there was nothing to pass.
--         A line that names neither node nor matter is nothing done: it waits in quarantine.
WITH line AS (
    SELECT *, concat_ws(chr(31), $shop, coalesce("计划", ''), coalesce("节点", ''), coalesce("事项", ''), coalesce("对象/单位", ''),
                        coalesce("截止日期"::TEXT, "完成时间"::TEXT, '')) AS said
    FROM raw
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY said ORDER BY _row) AS copy FROM line
)
SELECT _row,
       coalesce("编号", CASE WHEN coalesce("节点", "事项") IS NOT NULL THEN substr(sha256(concat_ws(chr(31), said, copy::TEXT)), 1, 16) END) AS activity,
       "计划" AS plan,
       "节点" AS node,
       "事项" AS what,
       "对象/单位" AS unit,
       "截止日期" AS due,
       "完成时间" AS done_at,
       "数量" AS qty,
       coalesce("结果", '') AS result,
       "负责人" AS owner,
       "证据链接" AS evidence,
       "备注" AS note,
       false AS is_removed,
       $sealed_at AS updated_at
FROM numbered
