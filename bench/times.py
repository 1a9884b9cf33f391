"""How times of pages are reported: half of them, 95 in 100, and the processor."""

from collections.abc import Callable
from statistics import median, quantiles


def report_times(
    report: Callable[..., None], what: str, milliseconds: list[float], most: int, *, worked: float | None = None
) -> float:
    """The 95th percentile, which is compared with `most`.

    `worked` is the time of the processor in seconds for all of them, which does not depend on what else runs.
    """
    p95 = quantiles(milliseconds, n=20)[-1]
    report(f"{what}, p50 ms", median(milliseconds))
    report(f"{what}, p95 ms", p95, f"at most {most}", ok=p95 <= most)
    if worked is not None:
        report(f"{what}, ms of the processor", worked * 1000 / len(milliseconds))
    return p95
