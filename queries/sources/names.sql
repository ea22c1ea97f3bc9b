-- purpose: what each report is called
-- params:  none
-- grain:   one row per source
-- units:   text
-- reads:   source
SELECT source, label_zh, label_en
FROM source
ORDER BY source
