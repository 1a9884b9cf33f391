"""The progress of an indicator from its baseline to its target, by one published formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from servanda.kit.database.sentences import gettext as _
from servanda.planning.models import Indicator, Measurement

WHOLE = Decimal(100)
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Progress:
    """`percent` from 0 to 100, or why there is none; `is_away` if the last value is worse than the baseline."""

    percent: Decimal | None = None
    is_away: bool = False
    why_none: str = ""


def progress_of(indicator: Indicator, series: Sequence[Measurement]) -> Progress:
    """(latest − baseline) / (target − baseline), from the values after the baseline.

    `series` are the current values of the whole country in the order of their periods. After a break in the series
    there is no progress, unless the baseline and the latest value have the same version of the method.
    """
    if indicator.baseline is None or indicator.baseline_on is None or indicator.target is None:
        return Progress(why_none=_("No progress is computed without a baseline and a target."))
    since = [
        measurement
        for measurement in series
        if measurement.value is not None and measurement.end > indicator.baseline_on
    ]
    if not since:
        return Progress(why_none=_("No value since the baseline."))
    latest = since[-1]
    if any(measurement.is_break for measurement in since) and not has_same_method(indicator, series, latest):
        return Progress(why_none=_("Not comparable: there is a break in the series since the baseline."))
    return share(indicator, latest.value or Decimal(0), indicator.baseline, indicator.target)


def share(indicator: Indicator, latest: Decimal, baseline: Decimal, target: Decimal) -> Progress:
    if target == baseline:  # the target is to keep the value
        is_kept = latest >= target if indicator.direction == Indicator.Direction.UP else latest <= target
        return Progress(WHOLE if is_kept else Decimal(0), is_away=not is_kept)
    part = (latest - baseline) / (target - baseline) * WHOLE
    return Progress(min(max(part, Decimal(0)), WHOLE).quantize(TENTH), is_away=part < 0)


def has_same_method(indicator: Indicator, series: Sequence[Measurement], latest: Measurement) -> bool:
    """Compare the methods of the latest value and the baseline: that of the value for its day, or of the
    indicator."""
    on = indicator.baseline_on
    at_baseline = next(
        (
            measurement.method_version
            for measurement in series
            if on is not None and measurement.start <= on <= measurement.end
        ),
        None,
    )
    method = indicator.method_version if at_baseline is None else at_baseline
    return bool(method) and method == latest.method_version
