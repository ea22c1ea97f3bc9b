-- purpose: display currencies for which somebody typed a rate
-- params:  none
-- grain:   one row per display currency
-- units:   currency codes
-- reads:   fx_rate
SELECT DISTINCT display FROM fx_rate ORDER BY display
