"""What the demonstration shows of documents and clusters: an invented document, records that ask for one thing."""

from io import BytesIO

import docx
from django.core.files import File
from django.utils.translation import override

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.recommendations.clusters.services import make_cluster
from servanda.recommendations.demonstration_review import NAME, demonstration_committee
from servanda.recommendations.imports.pipeline import receive_file
from servanda.recommendations.models import Cluster, Recommendation, TextVersion
from servanda.sources.models import DocumentReading
from servanda.sources.units.reading import read_into_units

COORDINATOR = "coordinator@example.org"
FILE, SYMBOL = "invented-observations.docx", "DEMO/C/SVN/CO/2"
NOTE = "This document is invented: no committee has said any of it."
# Mark and text of each paragraph; a heading has no mark. Our own sentences, on what real reviews speak of too.
PARAGRAPHS = (
    ("", NAME["en"]),
    ("", "Concluding observations on the second report of Slovenia (invented)"),
    ("1.", "The Committee considered the second report of the State party and adopted the present observations."),
    ("", "A. Positive aspects"),
    ("2.", "The Committee welcomes the strategy on the health of children in early life."),
    ("", "B. Principal areas of concern and recommendations"),
    ("", "National human rights institution"),
    ("3.", "The Committee is concerned that the means of the Ombudsman for human rights do not match its tasks."),
    ("4.", "The Committee recommends that the State party:"),
    (
        "(a)",
        "Give the national human rights institution the staff and money that the Paris Principles ask for;",
    ),
    ("(b)", "Ask the institution for its opinion on every draft law that touches human rights."),
    ("", "Roma communities"),
    ("5.", "The Committee is concerned that some Roma settlements have neither drinking water nor sanitation."),
    ("6.", "The State party should connect all Roma settlements to safe drinking water and sanitation."),
    ("7.", "The State party should help Roma children to stay in school until the end of compulsory education."),
    ("", "Violence against women"),
    ("8.", "The State party should open shelters for victims of domestic violence in every region."),
    ("9.", "The State party should train judges, prosecutors and police officers on violence against women."),
    ("", "Persons with disabilities"),
    ("10.", "The State party should adopt a plan to close institutions and to support independent living."),
    ("", "Follow-up and dissemination"),
    (
        "11.",
        "The Committee requests the State party to provide, within one year, information on the implementation of "
        "the recommendations in paragraphs 6 and 8 above.",
    ),
    ("12.", "The State party should disseminate the present concluding observations widely."),
)
CLUSTER, WORDS = "Access to safe drinking water", "drinking water"


def send_demonstration_document() -> None:
    """An invented document waits to be looked through. Called again, it changes nothing."""
    if Batch.objects.filter(name=FILE).exists():
        return
    by = User.objects.get(email=COORDINATOR)
    committee = demonstration_committee(by)
    with override("en"):
        batch = receive_file(file=File(written()), name=FILE, by=by, country="SVN")
        read_into_units(batch)
    reading = DocumentReading.objects.get(batch=batch)
    reading.body, reading.symbol, reading.notes = committee.code, SYMBOL, NOTE
    reading.save(update_fields=["body", "symbol", "notes"])


def written() -> BytesIO:
    document = docx.Document()
    for mark, text in PARAGRAPHS:
        if mark:
            document.add_paragraph(f"{mark}\t{text}")
        else:
            document.add_paragraph().add_run(text).bold = True
    content = BytesIO()
    document.save(content)
    content.seek(0)
    return content


def cluster_demonstration() -> None:
    """What reviews of several cycles asked in the same matter. Called again, it changes nothing."""
    if Cluster.objects.exists():
        return
    texts = TextVersion.objects.current().filter(text__icontains=WORDS).values("recommendation")
    records = list(Recommendation.objects.kept().filter(pk__in=texts))
    if len(records) > 1:
        make_cluster(name=CLUSTER, records=records, by=User.objects.get(email=COORDINATOR))
