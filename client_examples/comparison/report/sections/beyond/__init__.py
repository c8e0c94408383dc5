"""What lies beyond one machine: links, protocols, exchanges that fail."""
