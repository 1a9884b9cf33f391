"""The published register for machines: read-only JSON, described by OpenAPI."""
