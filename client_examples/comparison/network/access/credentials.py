"""What goes with every request to each of the two APIs, and may be secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
from requests.cookies import RequestsCookieJar, get_cookie_header
from requests.structures import CaseInsensitiveDict

from client_examples.clients.settings import Api


@dataclass(frozen=True)
class Credentials:
    """Headers for each API, and cookies, which go to the hosts that they are from."""

    rest: Mapping[str, str] = field(default_factory=dict)
    graphql: Mapping[str, str] = field(default_factory=dict)
    cookies: RequestsCookieJar = field(default_factory=RequestsCookieJar)

    def of(self, api: Api) -> Mapping[str, str]:
        """The headers for one of the APIs."""
        return self.rest if api == "rest" else self.graphql

    def sent_to(self, api: Api, url: str) -> dict[str, str]:
        """The same with the cookies, for a client that keeps none by itself."""
        # Cookies that have expired are not there; requests' own types do not know its function.
        asked = requests.Request("GET", url).prepare()
        cookies = get_cookie_header(self.cookies, asked)  # type: ignore[no-untyped-call]
        return {**self.of(api), **({"Cookie": cookies} if cookies else {})}


def joined(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """Headers of which the second ones count where both have a name, whatever its case."""
    both = CaseInsensitiveDict(first)
    both.update(second)
    return dict(both)
