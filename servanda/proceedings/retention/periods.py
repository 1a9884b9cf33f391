"""What a retention period can be set for: the kinds of proceedings, and the files of each kind of obligations."""

from servanda.proceedings.kinds import kinds
from servanda.vocab.models import ObligationKind

FILES = "files:"  # before the kind of an obligation


def labels_of_proceedings() -> dict[str, object]:
    return {kind.code: kind.label for kind in kinds().values()}


def labels_of_files() -> dict[str, object]:
    return {f"{FILES}{code}": label for code, label in ObligationKind.choices}


def known_periods() -> dict[str, object]:
    """The label of each code."""
    return labels_of_proceedings() | labels_of_files()
