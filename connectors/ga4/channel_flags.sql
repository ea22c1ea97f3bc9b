-- Source:  metadata of runReport by date and sessionDefaultChannelGroup
-- Grain:   one figure per day and flag: 1 where any of the day's rows came with it
-- Units:   1 or 0
-- table:   observation
-- columns: date day! AS day, metadata.subjectToThresholding flag AS thresholded, metadata.dataLossFromOtherRow flag AS other_row,
--          metadata.samplingMetadatas json AS samples
-- ignored: metadata.*
WITH figures AS (
    SELECT min(_row) AS _row, day, coalesce(bool_or(thresholded), FALSE)::INT::DECIMAL(18,4) AS is_thresholded,
           coalesce(bool_or(other_row), FALSE)::INT::DECIMAL(18,4) AS has_other_row,
           bool_or(coalesce(samples, '[]') <> '[]')::INT::DECIMAL(18,4) AS is_sampled
    FROM raw GROUP BY day)
SELECT _row, $account AS account, metric, 'day' AS period_kind, day, day AS day_to, value
FROM (UNPIVOT figures ON COLUMNS(* EXCLUDE (_row, day)) INTO NAME metric VALUE value)
