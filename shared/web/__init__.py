"""What both servers know of HTTP: headers, bodies, hosts, tags. No framework comes in."""
