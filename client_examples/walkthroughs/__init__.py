"""The three classic problems (over-fetching, under-fetching, N+1), told request by request."""
