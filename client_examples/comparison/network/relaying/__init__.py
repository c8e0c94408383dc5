"""The relay's own process: bytes held back as by a network link. Only `relay.py` starts it."""
