"""The arms in the machine's own Chromium, as the lab's page loads them."""
