"""Shopify: orders with their refunds, and sessions of the online store."""
