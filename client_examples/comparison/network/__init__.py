"""Connections that count their bytes, and the relay that is the link between both sides."""
