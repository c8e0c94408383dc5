"""How a screen and its arms are declared, and what an arm reads: each exchange is recorded."""

# Kept for users' older files; new ones import from client_examples.comparison.
from client_examples.comparison.arms.screen import Arm, GraphqlArm, RestArm, Screen, View, compact

__all__ = ["Arm", "GraphqlArm", "RestArm", "Screen", "View", "compact"]
