"""The contract of both APIs, as data, run over HTTP against real servers.

A case has a stable id, a fact, and steps in words that both APIs share: an operation of the
bookstore, its arguments, and what it must give (`catalogue/`). It is written once and run over
REST and GraphQL by a driver each, and what both refuse by one rule they must refuse in the same
words. What one API alone has is in `rest_cases.py` and `graphql_cases.py`.

To add a case, add it to the module of its resource, with the next free id.
"""
