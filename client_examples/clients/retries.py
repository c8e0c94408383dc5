"""When a failed attempt is repeated, and after how long: urllib3's policies, with jitter."""

import random

from urllib3.exceptions import InvalidHeader
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry


class JitteredRetry(Retry):
    """urllib3's Retry with full jitter from the first retry on, and lenient with Retry-After.

    Without jitter, clients that failed together would retry together.
    """

    def get_backoff_time(self) -> float:
        """Seconds to wait: random, up to a limit that doubles with each failure."""
        if not self.history:
            return 0.0
        limit = self.backoff_factor * 2.0 ** (len(self.history) - 1)
        return random.uniform(0, min(self.backoff_max, limit))

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds that the server asks for, at most `retry_after_max`."""
        try:
            return super().get_retry_after(response)
        except InvalidHeader:
            return None


UNABLE = (502, 503, 504)  # the server, or what stands before it, cannot answer now

RETRY = JitteredRetry(
    total=3,
    backoff_factor=0.2,  # s: at most 0.2, 0.4, 0.8
    backoff_max=2.0,
    retry_after_max=5,  # s: a server may ask for an hour, a client must not wait for it
    status_forcelist=UNABLE,
    allowed_methods=None,  # the call decides, as a GraphQL query is a POST
)
NO_RETRY = JitteredRetry(total=0, respect_retry_after_header=False)


def pause_s(retry: Retry, response: BaseHTTPResponse | None) -> float:
    """Seconds to wait before the attempt that the policy now allows."""
    asked = None
    if response is not None and retry.respect_retry_after_header:
        asked = retry.get_retry_after(response)
    return asked or retry.get_backoff_time()
