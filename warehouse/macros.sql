-- Parsing macros: text of an export cell -> a value, or NULL, never a wrong number.
-- A present cell that gives NULL sends its row to quarantine (staging.py decides).
-- Each parse_ macro takes the raw text, tries the plain form first and hands only the rest to its slow path, as
-- a CASE arm: there the regular expressions cost only the cells that need them. A macro's text is copied at every use of
-- a parameter, copies of copies in nested macros; a lambda evaluates its argument once and stops that (27 money columns:
-- 17 s -> 0.4 s before the first row; 1M cells like 1,234.5: 31 -> 3 s).

-- the cell without surrounding blanks; NULL when it says "nothing": empty, dashes, null, nan
CREATE OR REPLACE TEMP MACRO is_plain(t) AS ascii(t) > 45 AND ascii(t) < 40000 AND ascii(t) <> 160 AND t[-1] > ' ' AND t[-1] < '龥' AND ascii(t) NOT IN (8211, 8212, 12288);
CREATE OR REPLACE TEMP MACRO says_nothing(t) AS t IN ('', '-', '--', '---', '—', '——', '–', 'null', 'NULL', 'None', 'N/A', 'n/a', '#N/A', 'nan', 'NaN');
CREATE OR REPLACE TEMP MACRO trimmed(t) AS trim(t, chr(32) || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288) || chr(65279));
CREATE OR REPLACE TEMP MACRO something(t) AS CASE WHEN says_nothing(t) THEN NULL ELSE t END;
CREATE OR REPLACE TEMP MACRO cell(t) AS something(CASE WHEN is_plain(t) AND t[-1] <> chr(160) THEN t ELSE trimmed(t) END);

-- says more than "nothing" (see says_nothing) or "masked" (<5): one regular expression, since every column of every file asks it
CREATE OR REPLACE TEMP MACRO says_something(t) AS
    NOT regexp_full_match(coalesce(t, ''), '[\s\x{a0}\x{3000}\x{feff}]*(-{0,3}|—|——|–|null|NULL|None|N/A|n/a|#N/A|nan|NaN|[<＜].*)[\s\x{a0}\x{3000}\x{feff}]*');

-- 1,234.56  ¥236,552  (12.30)  1.2万  3亿  1.74K  7.5w ; commas only as thousands separators
CREATE OR REPLACE TEMP MACRO bare_number(t) AS
    regexp_replace(regexp_replace(t, '^\((.*)\)$', '-\1'), '[\s¥￥$€£]|元$|CNY|USD', '', 'g');
CREATE OR REPLACE TEMP MACRO number_scale(t) AS
    CASE WHEN regexp_matches(t, '[万wW]$') THEN 10000 WHEN suffix(t, '亿') THEN 100000000
         WHEN regexp_matches(t, '[kK]$') THEN 1000 WHEN regexp_matches(t, '[mM]$') THEN 1000000 ELSE 1 END;
CREATE OR REPLACE TEMP MACRO scaled_number(t) AS
    CASE WHEN regexp_full_match(t, '[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?[万亿wWkKmM]?')
         THEN try_cast(try_cast(regexp_replace(t, '[,万亿wWkKmM]', '', 'g') AS DECIMAL(28,8)) * number_scale(t) AS DECIMAL(18,4)) END;
CREATE OR REPLACE TEMP MACRO parse_number(t) AS
    CASE WHEN try_cast(t AS DECIMAL(18,4)) IS NOT NULL THEN try_cast(t AS DECIMAL(18,4))
         WHEN t IS NOT NULL THEN list_transform([t], lambda x : list_transform([bare_number(cell(x))], lambda y : scaled_number(y))[1])[1] END;

-- a percentage or a fraction -> a fraction; `percent` says how bare numbers of this column read
CREATE OR REPLACE TEMP MACRO parse_rate(t, percent) AS
    CAST(CASE WHEN percent OR suffix(rtrim(t), '%') THEN try_cast(replace(rtrim(cell(t), '% '), ',', '') AS DECIMAL(18,8)) / 100
              ELSE try_cast(replace(cell(t), ',', '') AS DECIMAL(18,8)) END AS DECIMAL(18,8));

-- ="410…"  '410…  <TAB>410…  -> 410… ; 17850.0 -> 17850 ; 6.9E+18 is a damaged id
CREATE OR REPLACE TEMP MACRO bare_id(t) AS
    something(regexp_replace(regexp_replace(t, '^[=''"\s]+|["\s]+$', '', 'g'), '^([0-9]+)\.0+$', '\1'));
CREATE OR REPLACE TEMP MACRO whole_id(t) AS nullif(regexp_replace(t, '^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$', ''), '');
CREATE OR REPLACE TEMP MACRO parse_id(t) AS
    CASE WHEN regexp_full_match(t, '[0-9]+') THEN t ELSE whole_id(bare_id(trimmed(CASE WHEN regexp_full_match(t, '[0-9]+') THEN NULL ELSE t END))) END;

-- 2026年11月11日 20:00 -> 2026-11-11 20:00 ; 2026/11/01/ 20:00 -> 2026/11/01 20:00 ; offset and Z dropped (kept local)
CREATE OR REPLACE TEMP MACRO plain_time(t) AS
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(t, '[年月]', '-', 'g'), '日|/\s+', ' '), '(\d)T(\d)', '\1 \2'),
                   '(:\d{2})(\.\d+)?\s*([+-]\d{2}:?\d{2}|Z|UTC)?$', '\1');
CREATE OR REPLACE TEMP MACRO serial_time(t) AS
    CASE WHEN regexp_full_match(t, '[2-5][0-9]{4}(\.[0-9]+)?')
         THEN TIMESTAMP '1899-12-30' + to_seconds(round(try_cast(t AS DOUBLE) * 86400)::BIGINT) END;
CREATE OR REPLACE TEMP MACRO slow_time(t) AS
    coalesce(try_strptime(regexp_replace(trim(t), '\s+', ' '), ['%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M', '%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M', '%Y-%m-%d', '%Y/%m/%d',
                              '%Y%m%d %H:%M:%S', '%Y%m%d%H%M%S', '%Y%m%d', '%Y.%m.%d', '%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %I:%M %p']), serial_time(t));
CREATE OR REPLACE TEMP MACRO iso_time(t) AS try_strptime(t, '%Y-%m-%d %H:%M:%S');  -- half the time of a look at the shape and a cast, which know 24:00:00
CREATE OR REPLACE TEMP MACRO is_iso(t) AS length(t) = 19 AND t[5] = '-' AND t[11] = ' ';
CREATE OR REPLACE TEMP MACRO parse_at(t) AS
    CASE WHEN iso_time(t) IS NOT NULL THEN iso_time(t)
         WHEN is_iso(t) THEN try_cast(t AS TIMESTAMP)
         WHEN t IS NOT NULL THEN list_transform([t], lambda x : list_transform([plain_time(cell(x))], lambda y : slow_time(y))[1])[1] END;
CREATE OR REPLACE TEMP MACRO parse_day(t) AS
    CASE WHEN length(t) = 10 AND t[5] = '-' THEN try_cast(t AS DATE)
         WHEN t IS NOT NULL THEN list_transform([t], lambda x : list_transform([plain_time(cell(x))], lambda y : slow_time(y))[1])[1]::DATE END;

-- both ends of "2026-05-11~2026-05-17", "2026/11/11 20:03:11-2026/11/12 01:03:42", "2025-09-08_00-00-46"
CREATE OR REPLACE TEMP MACRO dates_in(t) AS
    regexp_extract_all(t, '\d{4}[-/年.]?\d{1,2}[-/月.]?\d{1,2}日?(?:[ _T]+\d{1,2}[:-]\d{2}(?:[:-]\d{2})?)?');
CREATE OR REPLACE TEMP MACRO tidy_instant(t) AS
    regexp_replace(regexp_replace(regexp_replace(t, '_', ' '), ' (\d{1,2})-(\d{2})-(\d{2})$', ' \1:\2:\3'), ' (\d{1,2})-(\d{2})$', ' \1:\2');
CREATE OR REPLACE TEMP MACRO range_from(t) AS list_transform([tidy_instant(dates_in(t)[1])], lambda x : parse_at(x))[1];
CREATE OR REPLACE TEMP MACRO range_to(t) AS list_transform([tidy_instant(dates_in(t)[-1])], lambda x : parse_at(x))[1];

-- 1分5秒  8分钟30秒  1小时2分  3h 12min  48s  00:31  01:02:03 ; a bare number counts `unit` seconds
CREATE OR REPLACE TEMP MACRO duration_part(t, units) AS
    coalesce(try_cast(regexp_extract(t, '([0-9]{1,9}(?:\.[0-9]{1,4})?)\s*(?:' || units || ')', 1) AS DECIMAL(18,4)), 0);
CREATE OR REPLACE TEMP MACRO worded_duration(t) AS
    CASE WHEN regexp_full_match(t, '(?:[0-9]{1,9}(?:\.[0-9]{1,4})?\s*(?:天|小时|时|分钟|分|秒钟?|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\s*)+')
         THEN duration_part(t, '天|d') * 86400 + duration_part(t, '小时|时|h') * 3600 + duration_part(t, '分|m') * 60 + duration_part(t, '秒|s') END;
CREATE OR REPLACE TEMP MACRO clock_duration(t) AS
    CASE WHEN regexp_full_match(t, '[0-9]{1,9}:[0-5][0-9]') THEN split_part(t, ':', 1)::DECIMAL(18,4) * 60 + split_part(t, ':', 2)::DECIMAL(18,4)
         WHEN regexp_full_match(t, '[0-9]{1,9}:[0-5][0-9]:[0-5][0-9]') THEN split_part(t, ':', 1)::DECIMAL(18,4) * 3600 + split_part(t, ':', 2)::DECIMAL(18,4) * 60 + split_part(t, ':', 3)::DECIMAL(18,4) END;
CREATE OR REPLACE TEMP MACRO parse_duration(t, unit) AS
    CASE WHEN abs(try_cast(replace(t, ',', '') AS DECIMAL(18,4))) < 1000000000 THEN try_cast(replace(t, ',', '') AS DECIMAL(18,4)) * unit
         WHEN t IS NOT NULL THEN list_transform([lower(t)], lambda x : list_transform([cell(x)], lambda y : coalesce(clock_duration(y), worded_duration(y)))[1])[1] END::DECIMAL(18,4);

CREATE OR REPLACE TEMP MACRO parse_unix(t, zone) AS
    CASE WHEN try_cast(t AS DOUBLE) BETWEEN 946684800 AND 32503680000 THEN timezone(zone, to_timestamp(try_cast(t AS DOUBLE))) END;
CREATE OR REPLACE TEMP MACRO parse_unix_ms(t, zone) AS
    CASE WHEN try_cast(t AS DOUBLE) BETWEEN 946684800000 AND 32503680000000 THEN timezone(zone, to_timestamp(try_cast(t AS DOUBLE) / 1000)) END;
-- 2026-11-18T01:00:00Z, ...+08:00, or without a zone, which then is UTC -> the clock in the zone
CREATE OR REPLACE TEMP MACRO parse_instant(t, zone) AS
    timezone(zone, try_cast(CASE WHEN regexp_matches(t, '(Z|[+-]\d{2}:?\d{2})$') THEN t WHEN t IS NOT NULL THEN t || 'Z' END AS TIMESTAMPTZ));
CREATE OR REPLACE TEMP MACRO parse_flag(t) AS
    CASE WHEN lower(cell(t)) IN ('是', '1', 'true', 't', 'yes', 'y', '已', '有') THEN true
         WHEN lower(cell(t)) IN ('否', '0', 'false', 'f', 'no', 'n', '未', '无') THEN false END;

-- an amount or a percentage, cell by cell: 10.8万 -> 108000, 97% -> 0.97
CREATE OR REPLACE TEMP MACRO parse_figure(t) AS
    CASE WHEN suffix(cell(t), '%') THEN (parse_number(rtrim(cell(t), '% ')) / 100)::DECIMAL(18,4) ELSE parse_number(t) END;

-- did it pass: 合格, pass, √ ... -> pass; 不合格, fail ... -> fail
CREATE OR REPLACE TEMP MACRO parse_result(t) AS
    CASE WHEN lower(cell(t)) IN ('pass', 'passed', 'ok', '通过', '合格', '及格', '达标', '成功', '√') THEN 'pass'
         WHEN lower(cell(t)) IN ('fail', 'failed', '不通过', '未通过', '不合格', '不及格', '未达标', '失败', '×') THEN 'fail' END;
