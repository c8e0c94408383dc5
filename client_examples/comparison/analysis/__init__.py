"""What the numbers mean: ranking, decisions, the network model, caveats.

Reads results, asks no server.
"""
