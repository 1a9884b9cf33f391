"""Updates of institutions and their evidence: written, validated, published."""
