"""The words that records are described with: countries, bodies, taxonomies and their terms, in many languages."""
