"""The exchange format: kinds of objects, their schemas, the check of files, the UHRI-shaped export."""
