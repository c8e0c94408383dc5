"""Whether the memory of both servers stays flat over many requests."""
