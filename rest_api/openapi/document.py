"""The OpenAPI document: what flask-openapi has collected, completed."""

import json
from pathlib import Path
from typing import Any, Final

from flask_openapi.openapi import OpenAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from rest_api.openapi.links import add_links
from rest_api.openapi.operation_responses import ERRORS, responses
from rest_api.openapi.request_headers import add_request_headers, add_security
from rest_api.openapi.response_headers import HEADERS
from rest_api.web.problems import MEDIA_TYPE
from rest_api.web.request_parsing import MEDIA_TYPES
from shared.models import Author, Book, Customer, Order, OrderItem, OrderSummary
from shared.reading.catalogue import ENTITIES, Entity, Relation

Part = dict[str, Any]

# Requests with the answers that the sample data gives, recorded by `examples`.
EXAMPLES: Final = Path(__file__).with_name("examples.json")

_MODELS: Final[dict[str, tuple[type[BaseModel], ...]]] = {
    "author": (Author,),
    "book": (Book,),
    "customer": (Customer,),
    "order": (Order, OrderSummary),
    "order_item": (OrderItem,),
}

_VERSION: Final[Part] = {
    "type": "integer",
    "minimum": 1,
    "readOnly": True,
    "description": "Another one after each change of the resource itself.",
    "examples": [1],
}


def document(app: OpenAPI, *, has_token: bool) -> Part:
    """The document of all registered operations; with a token set, those that write need it."""
    whole: Part = app.api_doc
    components = whole["components"]
    components["headers"] = HEADERS
    components["responses"] = responses()
    components["schemas"] |= _model_schemas()
    components["schemas"] |= {
        _selection_name(entity): _selection_schema(entity, components["schemas"])
        for entity in ENTITIES.values()
    }
    for entity in ENTITIES.values():
        _mark_deprecated(entity, components["schemas"])
    for item in whole["paths"].values():
        for method, operation in item.items():
            _complete(operation, method.upper())
    _add_examples(whole)
    add_links(whole)
    if has_token:
        add_security(whole)
    return whole


def _model_schemas() -> Part:
    models = [model for several in _MODELS.values() for model in several]
    _, schemas = models_json_schema(
        [(model, "serialization") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    defined: Part = schemas["$defs"]
    return defined


def _selection_name(entity: Entity) -> str:
    return f"{_MODELS[entity.name][0].__name__}Selection"


def _selection_schema(entity: Entity, schemas: Part) -> Part:
    """Any members of an entity and of what its relations lead to: what `fields` may name."""
    known: Part = {"version": _VERSION}
    for model in _MODELS[entity.name]:
        known |= schemas[model.__name__]["properties"]
    members = {name: known[name] for name in entity.fields}
    members |= {name: _related(relation) for name, relation in entity.relations.items()}
    return {
        "type": "object",
        "description": "The members that `fields` names, in that order.",
        "properties": members,
        "additionalProperties": False,
        "minProperties": 1,
    }


def _mark_deprecated(entity: Entity, schemas: Part) -> None:
    """Say of the entity's deprecated fields that they are, and why, wherever they are members."""
    noun = _MODELS[entity.name][0].__name__
    for name, said in entity.deprecated.items():
        why = f"{said.reason} From {said.sunset:%Y-%m-%d} on it may be gone."
        for kind in ("", "Summary", "Selection", "Create", "Replace", "Update"):
            members = schemas.get(f"{noun}{kind}", {}).get("properties", {})
            if name in members:
                described = f"{members[name].get('description', '')} {why}".lstrip()
                members[name] = {**members[name], "description": described, "deprecated": True}


def _related(relation: Relation) -> Part:
    shown = {"$ref": f"#/components/schemas/{_selection_name(relation.entity)}"}
    return {"type": "array", "items": shown} if relation.many else shown


def _complete(operation: Part, method: str) -> None:
    if "description" in operation:
        operation["description"] = operation["description"].replace("<br/>", " ").strip()
    for status, response in operation["responses"].items():
        if "$ref" in response:  # beside it stands a description that would hide the component's
            operation["responses"][status] = {"$ref": response["$ref"]}
    operation["responses"] = dict(sorted(operation["responses"].items()))
    for parameter in operation.get("parameters", ()):
        _complete_parameter(parameter)
    add_request_headers(operation, method)
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]
        operation["requestBody"]["content"] = {
            media_type: dict(content["application/json"]) for media_type in MEDIA_TYPES[method]
        }


def _complete_parameter(parameter: Part) -> None:
    schema = parameter["schema"]
    # pydantic says that a parameter may be null where it may be left out.
    kinds = [kind for kind in schema.pop("anyOf", ()) if kind != {"type": "null"}]
    for kind in kinds:
        schema |= kind
    if schema.get("type") == "array":
        parameter |= {"style": "form", "explode": False}  # commas between the values
    schema.pop("description", None)  # the parameter has it
    if parameter["required"]:
        parameter["example"] = schema["examples"][0]  # Swagger UI fills it in


def _add_examples(whole: Part) -> None:
    operations = {
        operation["operationId"]: operation
        for item in whole["paths"].values()
        for operation in item.values()
    }
    errors = whole["components"]["responses"]
    for exchange in json.loads(EXAMPLES.read_text(encoding="utf-8")):
        operation, status, name = (exchange[key] for key in ("operation", "status", "name"))
        shown = {"summary": exchange["request"], "value": exchange["answer"]}
        if status >= 400:
            content = errors[ERRORS[status]]["content"][MEDIA_TYPE]
            content.setdefault("examples", {})[name] = shown
            continue
        answer = operations[operation]["responses"][str(status)]
        if exchange["answer"] is not None:
            content = answer["content"]["application/json"]
            content.setdefault("examples", {})[name] = shown
        if exchange["body"] is not None:
            sent = {"summary": exchange["request"], "value": exchange["body"]}
            for content in operations[operation]["requestBody"]["content"].values():
                content.setdefault("examples", {})[name] = sent
