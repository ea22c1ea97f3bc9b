"""Google Analytics 4: visitors and sessions of a property by day and by channel."""
