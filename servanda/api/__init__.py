"""The register for programs: JSON, described by OpenAPI; what is published for everybody, and more with a key."""
