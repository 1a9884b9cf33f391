import logging
import secrets

from django.core.management.base import BaseCommand, CommandError

from servanda.jobs.declare import read_declarations
from servanda.jobs.worker import HouseWorker
from servanda.kit.private_place import refuse_open_place
from servanda.kit.refusal import Refused


class Command(BaseCommand):
    help = "Run what waits in the background: imports, schedules, mails. Ends on Ctrl-C or SIGTERM."
    requires_system_checks = []  # they import all views and URLs, which no task needs

    def add_arguments(self, parser):
        parser.add_argument("--batch", action="store_true", help="end when nothing is left to do")
        parser.add_argument("--interval", type=float, help="seconds to wait before it looks again for work")

    def handle(self, *, batch, interval, **options):
        try:
            refuse_open_place()
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if interval is not None and interval <= 0:
            raise CommandError("--interval must be more than 0 seconds.")
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)
        read_declarations()
        worker = HouseWorker(worker_id=secrets.token_hex(8), batch=batch, interval=interval)
        worker.configure_signals()
        worker.run()
