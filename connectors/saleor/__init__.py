"""Saleor: orders, payments and refunds of a shop on a server of its own."""
