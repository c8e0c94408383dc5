"""uvicorn: its processes and its protocols, with bounds for clients. No GraphQL comes in."""
