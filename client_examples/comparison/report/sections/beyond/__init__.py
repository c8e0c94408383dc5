"""What lies beyond one machine: links, protocols, shared caches, exchanges that fail."""
