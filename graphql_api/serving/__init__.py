"""What the GraphQL server serves; its WebSockets, with bounds for clients. No GraphQL comes in."""
