"""Certificates for one run of the edge, by an authority that lives as long."""

import os
from pathlib import Path
from typing import Final

import trustme

# In the edge's folder. The authority's key is not written anywhere: nothing else can be signed.
AUTHORITY: Final = "ca.pem"
SERVER: Final = "server.pem"  # the certificate and its key


def make_certificates(folder: Path, names: tuple[str, ...]) -> None:
    """Write them there, for these names and addresses."""
    authority = trustme.CA(organization_name="Bookstore, for this machine alone")
    server = authority.issue_cert(*names)
    authority.cert_pem.write_to_path(os.fspath(folder / AUTHORITY))
    server.private_key_and_cert_chain_pem.write_to_path(os.fspath(folder / SERVER))
