"""抖店 Doudian: orders, after-sales and products of a Douyin shop."""
