"""What changed since an earlier run, and what a performance budget says of it."""
