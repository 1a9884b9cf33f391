"""Where the files are that tests read."""

from pathlib import Path

import servanda

SLOVENIA = Path(servanda.__file__).parent / "demo" / "un_documents"  # its UN documents of the UPR
TRUTH = Path(__file__).parent / "fixtures" / "slovenia"  # what a reader must find in them, and what it must refuse
SOURCES = Path(__file__).parent / "fixtures" / "sources"  # the same in the shapes of other senders
QUERIES = Path(__file__).parent / "fixtures" / "search" / "queries.tsv"  # made; what each must and must not find
AXE = Path(__file__).parent / "vendor" / "axe.min.js"  # looks for faults of accessibility
