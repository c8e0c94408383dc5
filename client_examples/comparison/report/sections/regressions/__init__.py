"""What a build wants to know: what failed, what changed, and what a budget says of it."""
