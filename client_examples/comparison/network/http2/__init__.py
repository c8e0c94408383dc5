"""HTTP/2 beneath the clients: one connection to a server, one event loop in place of threads."""
