-- purpose: rates that were typed, to show and edit them
-- params:  none
-- grain:   one row per currency, display currency and first valid day
-- units:   1 currency = rate x display
-- reads:   fx_rate
SELECT currency, display, day, rate
FROM fx_rate
ORDER BY currency, display, day DESC
