-- purpose: days of a purse whose budget a person fixed
-- params:  scope VARCHAR ('' all shops, else their ids by comma), purse VARCHAR ('' all ad money), currency VARCHAR, day_from DATE, day_to DATE
-- grain:   one row per day
-- units:   amount in currency
-- reads:   budget_day
SELECT day, amount
FROM budget_day
WHERE shops = $scope AND purse = $purse AND currency = $currency AND day BETWEEN $day_from AND $day_to
ORDER BY day
