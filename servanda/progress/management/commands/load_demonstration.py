from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from servanda import recommendations
from servanda.people.demonstration import create_demonstration
from servanda.planning.demonstration import assign_demonstration
from servanda.planning.demonstration_actions import plan_demonstration
from servanda.planning.demonstration_indicators import measure_demonstration
from servanda.planning.demonstration_positions import propose_demonstration
from servanda.progress.demonstration.assessments import assess_demonstration
from servanda.progress.demonstration.rounds import ask_demonstration
from servanda.progress.demonstration.updates import report_demonstration
from servanda.recommendations.demonstration_language import cluster_demonstration, send_demonstration_document
from servanda.recommendations.demonstration_review import review_demonstration
from servanda.recommendations.imports import pipeline

FILES = Path(recommendations.__file__).parent / "demonstration"


class Command(BaseCommand):
    help = "Open Slovenia's public record: UPR cycles 1 to 4, read by the importer; all that is invented says so."

    def handle(self, **options):
        create_demonstration()
        for path in sorted(FILES.glob("upr*"), key=order_of_arrival):
            self.bring(path)
        cluster_demonstration()
        send_demonstration_document()
        review_demonstration()
        assign_demonstration()
        plan_demonstration()
        measure_demonstration()
        propose_demonstration()
        report_demonstration()
        ask_demonstration()
        assess_demonstration()

    def bring(self, path: Path) -> None:
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
        self.stdout.write(f"{path.name}: {', '.join(f'{count} {verdict}' for verdict, count in verdicts.items())}")


def order_of_arrival(path: Path) -> tuple[str, int]:
    """As a mechanism gets them: the report, the State's answers, then the list of OHCHR."""
    cycle, kind = path.stem.split("-", 1)
    return cycle, ["report", "addendum", "thematic-list"].index(kind)
