"""The API in the words of OpenAPI 3.1: what it gives, and what it takes from who has a key."""

from functools import cache

from servanda.api import writing

PREFIX = "/api/v1/"
KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key that a person makes under their own name: it sees and does what they may.",
}


@cache
def description() -> dict:
    """Generated once in each process, which takes 40 ms: it is the same for everyone."""
    described = writing.api.get_openapi_schema(path_prefix=PREFIX)
    described["components"]["securitySchemes"] = {"key": KEY}
    return described
