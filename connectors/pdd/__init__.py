"""拼多多 Pinduoduo: orders, after-sales, products and 多多推广 spend of a shop."""
