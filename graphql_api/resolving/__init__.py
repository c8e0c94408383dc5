"""What resolvers need: the database, loaders, the context of a request. No types come in."""
