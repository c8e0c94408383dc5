"""What the size of the bookstore costs: `python -m benchmarks.size`."""
