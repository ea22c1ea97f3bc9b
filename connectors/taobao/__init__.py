"""淘宝/天猫 Taobao and Tmall: orders, refunds and 万相台无界 ad reports of a shop."""
