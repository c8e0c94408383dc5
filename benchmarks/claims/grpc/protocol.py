"""The modules that protoc makes of bookstore.proto: its messages, and its service.

They are made when this is imported, and are nowhere in the repository: so they cannot be older than
the contract, or of another version than grpcio.
"""

import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from grpc_tools import protoc  # type: ignore[import-untyped]

_CONTRACT = Path(__file__).with_name("bookstore.proto")


class NotCompiled(Exception):
    """protoc has refused the contract; it has told why on stderr."""


def _compiled(contract: Path) -> tuple[Any, Any]:
    """The modules of the messages and of the service."""
    with TemporaryDirectory() as folder:
        options = [f"--proto_path={contract.parent}", f"--python_out={folder}"]
        if protoc.main(["protoc", *options, f"--grpc_python_out={folder}", contract.name]):
            raise NotCompiled(f"protoc cannot compile {contract}")
        sys.path.insert(0, folder)  # the one imports the other by its bare name
        try:
            return import_module(f"{contract.stem}_pb2"), import_module(f"{contract.stem}_pb2_grpc")
        finally:
            sys.path.remove(folder)


messages, services = _compiled(_CONTRACT)
