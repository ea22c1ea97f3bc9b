"""Meta ads: spend and what Meta credits to it, by campaign and day."""
