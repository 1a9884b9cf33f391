"""French dates with an ordinal for the first day of a month only: 1er mars, 2 mars (`kit/formats/ordinals.py`)."""

DATE_FORMAT = "jS F Y"
DATETIME_FORMAT = "jS F Y H:i"
MONTH_DAY_FORMAT = "jS F"
