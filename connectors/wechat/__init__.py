"""微信小店 and 视频号: orders, after-sales, products and the compass of a shop; the live dashboard of a 视频号助手 account."""
