"""The OpenAPI description as rows that a page shows."""

import json
from collections.abc import Iterator, Mapping


def addresses_of(described: Mapping) -> Iterator[dict]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield {
                "name": operation["operationId"],
                "path": path,
                "method": method.upper(),
                "summary": operation["summary"],
                "description": words_of(operation),
                "parameters": [_parameter(parameter) for parameter in operation.get("parameters", [])],
                "body": _shapes(operation["requestBody"]) if "requestBody" in operation else [],
                "answers": {status: _shapes(answer) for status, answer in operation["responses"].items()},
                "needs_a_key": {} not in operation.get("security", [{}]),
            }


def _parameter(parameter: Mapping) -> dict:
    schema = parameter["schema"]
    return {
        "name": parameter["name"],
        "type": type_of(schema),
        "description": words_of(schema),
    }


def _shapes(described: Mapping) -> list[str]:
    """The names of the shapes that a body or an answer may have."""
    schema = described["content"]["application/json"]["schema"]
    return [type_of(shape) for shape in schema.get("anyOf", [schema])]


def shapes_of(described: Mapping) -> Iterator[dict]:
    """Each shape of an answer with its keys."""
    whole = json.dumps(described)
    for name, shape in sorted(described["components"]["schemas"].items()):
        if f'"#/components/schemas/{name}"' in whole:
            keys = [
                {"name": key, "type": type_of(schema), "description": words_of(schema)}
                for key, schema in shape.get("properties", {}).items()
            ]
            yield {"name": name, "keys": keys}


def words_of(described: Mapping) -> list[dict]:
    """The description in pieces; what stands between backticks is code."""
    pieces = described.get("description", "").split("`")
    return [{"text": text, "is_code": bool(at % 2)} for at, text in enumerate(pieces) if text]


def type_of(schema: Mapping) -> str:
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(type_of(alternative) for alternative in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'])}"
    if schema.get("additionalProperties") is True:
        return "object"
    if schema.get("type") == "object":
        return f"object of {type_of(schema['additionalProperties'])} by language"
    return str(schema["type"])
