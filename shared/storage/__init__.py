"""Tables, drivers and connections: how SQL is run. No rule of the bookstore comes in."""
