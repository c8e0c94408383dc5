"""The bookstore: its data, its rules and its operations. It knows neither Flask nor GraphQL."""
