"""The highest rate of arrivals that each arm sustains; drives Locust as a program of its own."""
