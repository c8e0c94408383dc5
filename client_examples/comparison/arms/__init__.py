"""How a screen and its arms are declared, and what an arm reads: each exchange is recorded."""

# Users' files of before take these from here; see client_examples/comparison/__init__.py.
from client_examples.comparison.arms.screen import Arm, GraphqlArm, RestArm, Screen, View, compact

__all__ = ["Arm", "GraphqlArm", "RestArm", "Screen", "View", "compact"]
