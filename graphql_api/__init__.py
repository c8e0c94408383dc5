"""The GraphQL server: the bookstore over GraphQL. Of this repository, only `shared` comes in."""
