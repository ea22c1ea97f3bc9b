"""腾讯广告 Tencent Ads: spend and credited sales by ad and day."""
