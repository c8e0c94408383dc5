"""What is made of the numbers: caveats, changes since an earlier run, a budget."""
