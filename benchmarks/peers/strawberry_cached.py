"""Strawberry as in `strawberry_plain`, with its caches of parsed and of validated documents.

Its documentation has them among the extensions; they are no default.
"""

from strawberry.extensions import ParserCache, ValidationCache

from benchmarks.peers.strawberry_plain import main

if __name__ == "__main__":
    main(ParserCache, ValidationCache)
