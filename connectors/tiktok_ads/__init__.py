"""TikTok Ads: spend by campaign and day, GMV Max campaigns, and what ads cost per LIVE."""
