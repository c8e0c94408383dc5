"""What is wrong with a view's calls: the evidence, what it costs, and what would fix it."""
