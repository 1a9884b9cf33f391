"""The register for programs: JSON, described by OpenAPI; what is published for everyone, and more with a key."""
