"""The OpenAPI description as rows that a page shows."""

from collections.abc import Iterator, Mapping


def addresses_of(described: Mapping) -> Iterator[dict]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield {
                "name": operation["operationId"],
                "path": path,
                "method": method.upper(),
                "summary": operation["summary"],
                "description": operation.get("description", ""),
                "parameters": [_parameter(parameter) for parameter in operation.get("parameters", [])],
                "answers": {status: _answer(answer) for status, answer in operation["responses"].items()},
            }


def _parameter(parameter: Mapping) -> dict:
    schema = parameter["schema"]
    return {
        "name": parameter["name"],
        "type": type_of(schema),
        "is_required": parameter["required"],
        "description": schema.get("description", ""),
    }


def _answer(answer: Mapping) -> str:
    for content in answer.get("content", {}).values():
        return type_of(content["schema"])
    return ""


def shapes_of(described: Mapping) -> Iterator[dict]:
    """Each published shape with its keys; what only describes a question has no page of its own."""
    for name, shape in sorted(described["components"]["schemas"].items()):
        keys = [
            {"name": key, "type": type_of(schema), "description": schema.get("description", "")}
            for key, schema in shape.get("properties", {}).items()
        ]
        yield {"name": name, "keys": keys}


def type_of(schema: Mapping) -> str:
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(type_of(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'])}"
    if schema.get("type") == "object":
        return f"object of {type_of(schema['additionalProperties'])} by language"
    return str(schema["type"])
