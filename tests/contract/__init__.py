"""The contract of both APIs, as data, run over HTTP against real servers."""
