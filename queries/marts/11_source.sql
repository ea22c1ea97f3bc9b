-- mart: source
-- replace: all
-- grain: source; a source without a purse of its own is its own purse
-- reads: source
SELECT source, coalesce(kind, 'other') AS kind, coalesce(rank, 99) AS rank, coalesce(nullif(purse, ''), source) AS purse,
       platform, label_zh, label_en
FROM source
