"""Similar records: compared, proposed as clusters, clustered by people, recognised as duplicates."""
