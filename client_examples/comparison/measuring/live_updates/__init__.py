"""How late each arm sees the changes of an order."""
