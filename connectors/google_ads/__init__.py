"""Google Ads: cost and conversions by campaign and day."""
