"""Reads a recording (HAR 1.2): its entries one by one, and the API calls among them."""
