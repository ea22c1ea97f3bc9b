-- Source:  runReport by date
-- Grain:   one figure of the whole property per day: visitors (totalUsers), visits (sessions), and what Google says of its own figures
-- Units:   people, sessions; flags are 1 or 0. People are distinct within the day and never added over days.
-- table:   observation
-- columns: date day! AS day, totalUsers count! AS visitors, sessions count! AS visits, metadata.subjectToThresholding flag AS thresholded,
--          metadata.dataLossFromOtherRow flag AS other_row, metadata.samplingMetadatas json AS samples
-- ignored: metadata.*
WITH figures AS (
    SELECT _row, day, visitors, visits, coalesce(thresholded, FALSE)::INT::DECIMAL(18,4) AS is_thresholded,
           coalesce(other_row, FALSE)::INT::DECIMAL(18,4) AS has_other_row, (coalesce(samples, '[]') <> '[]')::INT::DECIMAL(18,4) AS is_sampled
    FROM raw)
SELECT _row, $account AS account, metric, 'day' AS period_kind, day, day AS day_to, value
FROM (UNPIVOT figures ON COLUMNS(* EXCLUDE (_row, day)) INTO NAME metric VALUE value)
