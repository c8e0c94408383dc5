"""Rules of single values and of an order's status. No database comes in."""
