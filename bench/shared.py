"""Where benches read their data: ../shared/data beside the project, or invented data at the tiny size."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VARIABLE = "SERVANDA_BENCH_DATA"  # set by the runner, so that every process of a tiny run reads the invented data
DATA = Path(os.environ.get(VARIABLE) or ROOT.parent / "shared" / "data")
