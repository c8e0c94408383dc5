"""Which protocols are measured: by the addresses, and by --protocol and --edge-url."""

import re

import pytest

from tests.comparison.command_line.test_command_line import options_of, refused

EDGE = ("--edge-url", "https://localhost:8443")
ENCRYPTED = ("--rest-url", "https://a.example", "--graphql-url", "https://b.example")
HALF = ("--rest-url", "https://a.example")


@pytest.mark.parametrize(
    ("arguments", "protocols"),
    [
        ([], ["http1"]),
        (EDGE, ["http1", "http1-tls", "http2"]),
        ([*EDGE, "--quick"], ["http1", "http1-tls", "http2"]),
        ([*EDGE, "--protocol", "http1"], ["http1"]),
        ([*EDGE, "--protocol", "http2"], ["http1", "http2"]),
        ([*EDGE, "--protocol", "http2", "http1-tls"], ["http1", "http1-tls", "http2"]),
        (ENCRYPTED, ["http1-tls", "http2"]),
        ([*ENCRYPTED, "--protocol", "http1-tls"], ["http1-tls"]),
        ([*ENCRYPTED, *EDGE], ["http1-tls", "http2"]),
        (HALF, ["http1"]),
        ([*HALF, *EDGE], ["http1", "http1-tls", "http2"]),
    ],
)
def test_what_is_measured_follows_from_who_speaks_what(arguments, protocols):
    assert options_of(*arguments).settings.protocols == protocols


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--protocol", "http2"], "http2 needs TLS.*--edge-url and --ca-file"),
        ([*HALF, "--protocol", "http1-tls"], "http1-tls needs TLS"),
        ([*ENCRYPTED, "--protocol", "http1"], "http1 is without TLS, and https://a.example"),
        (["--edge-url", "http://localhost:8443"], "must be an address like https://"),
        (["--edge-url", "ftp://localhost"], "is no address like"),
        (["--protocol", "http3"], "invalid choice: 'http3'"),
    ],
)
def test_what_cannot_be_had_is_refused(capsys, arguments, said):
    assert re.search(said, refused(capsys, *arguments))
