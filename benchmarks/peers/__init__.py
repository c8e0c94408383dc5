"""Servers to compare with, each written as its framework's documentation shows.

    python -m benchmarks.peers.NAME PORT DATABASE
    node benchmarks/peers/node/NAME.mjs PORT DATA

DATABASE is the path of the SQLite file that our own servers have open, DATA a file of JSON with the
same rows (see `data`). A peer leaves out what ours do besides (limits, costs, versions, ETags,
timings, problem documents): it answers the workloads, with the same data, and nothing more.
"""
