"""Runs operations that may run: by resolvers, by plans, and as subscriptions. No HTTP comes in."""
