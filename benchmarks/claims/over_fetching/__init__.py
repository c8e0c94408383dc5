"""Over-fetching under load: how GraphQL comes to be hundreds of times faster, and how that goes."""
