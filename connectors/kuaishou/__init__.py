"""快手小店 Kuaishou: orders, refunds and live visitors of a shop."""
