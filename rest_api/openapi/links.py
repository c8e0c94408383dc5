"""OpenAPI links: which operations take the id of a resource that was just created."""

from typing import Any

Part = dict[str, Any]


def add_links(whole: Part) -> None:
    """Name, at each answer that gives a new resource, the operations that take its id."""
    paths = whole["paths"]
    for path, item in paths.items():
        made = item.get("post", {}).get("responses", {}).get("201")
        if made is not None:
            made["links"] = {
                operation["operationId"]: _link(operation)
                for address, one in paths.items()
                if address.startswith(f"{path}/{{id}}")
                for operation in one.values()
            }


def _link(operation: Part) -> Part:
    return {
        "operationId": operation["operationId"],
        "description": operation["summary"],
        "parameters": {"id": "$response.body#/id"},
    }
