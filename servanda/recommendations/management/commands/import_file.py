from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.intake.models import SenderMapping
from servanda.kit.commands import CHECKS
from servanda.kit.database.state import refuse_unready_database
from servanda.kit.refusal import Refused
from servanda.people.requests.refusals import refused_on_the_command_line
from servanda.recommendations.imports import findings, pipeline
from servanda.recommendations.imports.checking import refuse_unmapped_sheets
from servanda.recommendations.imports.further_sheets import choose_further_sheets
from servanda.recommendations.imports.mapping import choose_sheet
from servanda.recommendations.imports.remarks import line_of
from servanda.recommendations.imports.sheet_cells import cells_explained, line_of_cells
from servanda.recommendations.imports.sheet_names import choice_of
from servanda.sources.units.conversion import convert_to_word, is_to_be_converted
from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Country


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = "Import a file of recommendations: UHRI exports, OHCHR lists, UPR reports and addenda, or a mapped sheet."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--country", default="", help="only records on this State, for instance SVN")
        parser.add_argument("--assume-state", default="", help="the State of rows that name none, for instance SVN")
        parser.add_argument(
            "--sheet",
            action="append",
            default=[],
            help="sheet of the workbook, else the first visible one; again for each further sheet of the same import",
        )
        parser.add_argument("--mapping", default="", help="the sender whose saved mapping reads the columns")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--accept-refused", action="store_true", help="apply the rest when rows are refused")
        parser.add_argument("--draft", action="store_true", help="do not publish what is imported")

    def handle(self, *, file, dry_run, accept_refused, **options):
        refuse_unready_database()
        if not Country.objects.exists():
            raise CommandError(_("The vocabulary is not loaded. Run “./run manage load_vocabulary” first."))
        try:
            batch = self.receive(file, options)
            if dry_run:
                self.preview(batch, accept_refused=accept_refused)
            else:
                self.apply(batch, accept_refused=accept_refused)
        except Refused as refusal:
            raise refused_on_the_command_line(refusal, "import_file") from refusal
        except SenderMapping.DoesNotExist as problem:
            raise CommandError(self.no_mapping(options["mapping"])) from problem
        except OSError as problem:
            raise CommandError(
                _("The file %(file)s cannot be read: %(reason)s.") % {"file": file, "reason": problem.strerror}
            ) from problem

    def receive(self, file, options):
        """Store the file as a batch, configured by the options."""
        with file.open("rb") as content:
            batch = pipeline.receive_file(
                file=File(content),
                name=file.name,
                by=None,
                country=options["country"].upper(),
                assumed_country=options["assume_state"].upper(),
                publish=not options["draft"],
            )
        if is_to_be_converted(batch):
            self.convert(batch)
        if options["sheet"]:
            choose_sheet(batch=batch, sheet=options["sheet"][0], by=None)
        if options["mapping"]:
            mapping = SenderMapping.objects.senders().get(sender=options["mapping"])
            pipeline.use_mapping(batch=batch, mapping=mapping)
        if further := options["sheet"][1:]:
            lookup = Lookup()
            choose_further_sheets(batch=batch, choices=[choice_of(name, lookup) for name in further], by=None)
            refuse_unmapped_sheets(batch)
        return batch

    def no_mapping(self, sender):
        senders = ", ".join(SenderMapping.objects.senders().values_list("sender", flat=True)) or "–"
        sentence = _("No mapping is saved for the sender “%(sender)s”. Saved mappings: %(known)s.")
        return sentence % {"sender": sender, "known": senders}

    def convert(self, batch):
        convert_to_word(batch)
        if batch.state == batch.State.FAILED:
            raise CommandError(batch.message)

    def preview(self, batch, *, accept_refused):
        """Exit with the same status as the import itself would, so that a script can check before it applies."""
        pipeline.preview_batch(batch)
        verdicts = findings.verdict_counts(batch)
        self.report(batch, verdicts)
        message = batch.message
        pipeline.discard_batch(batch=batch, by=None)
        if message:
            raise CommandError(message)
        if (refused := verdicts["refused"]) and not accept_refused:
            sentence = ngettext(
                "%(count)d row is refused, so nothing would be applied. Correct the file, or add --accept-refused.",
                "%(count)d rows are refused, so nothing would be applied. Correct the file, or add --accept-refused.",
                refused,
            )
            raise CommandError(sentence % {"count": refused})

    def apply(self, batch, *, accept_refused):
        pipeline.claim(batch, accept_refused=accept_refused)
        verdicts = pipeline.apply_batch(batch)
        self.report(batch, verdicts)
        batch.refresh_from_db()
        if batch.state != batch.State.APPLIED:
            raise CommandError(batch.message)

    def report(self, batch, verdicts):
        """Print the same remarks as on the page of the import."""
        counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items() if count)
        self.stdout.write(counts or _("no rows"))
        remarks = list(batch.remarks.all())
        for title, is_fatal in ((_("Refused:"), True), (_("Remarks:"), False)):
            lines = [line_of(remark) for remark in remarks if remark.is_fatal == is_fatal]
            if lines:
                self.stdout.write("\n".join([title, *(f"  {line}" for line in lines)]))
        if cells := cells_explained(batch):
            self.stdout.write("\n".join([_("Cells by column:"), *(f"  {line_of_cells(alike)}" for alike in cells)]))
