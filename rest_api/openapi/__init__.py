"""The OpenAPI document: what flask-openapi does not say by itself. No request is answered here."""
