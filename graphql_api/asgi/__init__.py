"""HTTP, Server-Sent Events and WebSockets as ASGI applications; how a query runs stays below."""
