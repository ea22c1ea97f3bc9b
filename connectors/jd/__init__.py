"""京东 JD POP: orders, refunds, and 京准通 spend of a shop."""
