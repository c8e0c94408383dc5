"""The pages of both servers in a real browser."""
