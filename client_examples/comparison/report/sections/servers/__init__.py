"""What screens ask of the servers: static cost, processor time, the load that they bear."""
