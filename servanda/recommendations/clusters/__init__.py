"""Records that are alike: compared, proposed as clusters, clustered by people, recognised as duplicates."""
