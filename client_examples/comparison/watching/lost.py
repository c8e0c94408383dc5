"""How a stream ends that is to be taken up again."""


class ConnectionLost(Exception):
    """A connection was not to be had, or ended in the middle; says why."""
