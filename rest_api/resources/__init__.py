"""One module per resource: views parse, call one operation, represent; rules stay in `shared`."""
