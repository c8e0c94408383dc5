"""From a request to parameters, a view and an answer. Knows HTTP, but no resource."""
