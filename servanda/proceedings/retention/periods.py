"""What a retention period can be set for: the kinds of proceedings, and the files of each kind of obligations."""

from django.utils.translation import gettext as _

from servanda.proceedings.kinds import kinds
from servanda.vocab.models import ObligationKind

FILES = "files:"  # before the kind of an obligation


def labels_of_proceedings() -> dict[str, object]:
    return {kind.code: kind.label for kind in kinds().values()}


def labels_of_files() -> dict[str, object]:
    return {f"{FILES}{code}": label for code, label in ObligationKind.choices}


def labels_of_periods() -> dict[str, str]:
    """The label of each code, which also says that it is about files."""
    files = {code: _("Files of obligations: %(kind)s") % {"kind": label} for code, label in labels_of_files().items()}
    return {code: str(label) for code, label in (labels_of_proceedings() | files).items()}


def label_of_period(code: str) -> str | None:
    return labels_of_periods().get(code)


def known_periods() -> dict[str, object]:
    """The label of each code."""
    return labels_of_proceedings() | labels_of_files()
