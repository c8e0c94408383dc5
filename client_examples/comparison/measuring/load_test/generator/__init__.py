"""What runs inside Locust's processes; the comparison itself never imports it."""
