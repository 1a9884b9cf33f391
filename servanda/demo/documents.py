"""Import Slovenia's real documents of the UPR with the ordinary importer."""

from collections.abc import Callable
from pathlib import Path

from django.core.files import File
from django.core.management.base import CommandError

from servanda.recommendations.imports import pipeline

FOLDER = Path(__file__).parent / "un_documents"


def load(report: Callable[[str], object]) -> None:
    """Import the files that were not imported before.

    Raises:
        CommandError: when a file could not be imported.
    """
    for path in sorted(FOLDER.glob("upr*"), key=order_of_arrival):
        import_document(path, report)


def import_document(path: Path, report: Callable[[str], object]) -> None:
    with path.open("rb") as content:
        batch = pipeline.receive_file(file=File(content), name=path.name, by=None)
    if pipeline.same_file_before(batch):
        pipeline.forget_file(batch)
        return
    pipeline.claim(batch, accept_refused=False)
    verdicts = pipeline.apply_batch(batch)
    batch.refresh_from_db()
    if batch.state != batch.State.APPLIED:
        raise CommandError(f"{path.name}: {batch.message}")
    report(f"{path.name}: {', '.join(f'{count} {verdict}' for verdict, count in verdicts.items())}")


def order_of_arrival(path: Path) -> tuple[str, int]:
    """The order in which a mechanism receives them: the report, the State's answers, then OHCHR's list."""
    cycle, kind = path.stem.split("-", 1)
    return cycle, ["report", "addendum", "thematic-list"].index(kind)
