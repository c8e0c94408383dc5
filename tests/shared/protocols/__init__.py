"""HTTP on the wire, without an API."""
