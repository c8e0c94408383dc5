"""What each arm costs the servers' processors and the client; Locust loads, at one rate for all."""
