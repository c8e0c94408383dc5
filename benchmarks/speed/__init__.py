"""How fast both servers are, beside their floors and servers of other kinds, in ratios."""
