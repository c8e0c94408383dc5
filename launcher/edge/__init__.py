"""The edge: nginx in front of both servers, on one origin, with TLS and HTTP/2.

`python -m launcher.edge` is a program of its own, as the servers are, and like them may import
`shared` and what is installed. The launcher may not: it uses the modules `nginx` and `process`.
"""
