"""What people claim of REST and GraphQL, each with what was measured of it: docs/claims.md."""
