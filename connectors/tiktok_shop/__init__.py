"""TikTok Shop: orders, refunds, LIVE sessions and shop figures."""
