"""Random operations, selections and bad values against a plain model."""
