"""An export in UHRI's official shape, grown to any size from real records by perturbation.

State, body, labels and date of each record are those of a real one, so their frequencies are real. In its text
some words are replaced by words of other records; ids and symbols are made up. Without ../shared/data, the real
records are those of Slovenia's thematic lists.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from bench.shared import DATA
from servanda.sources.printed.texts import clean, lift_number
from tests.sources import make_fixtures

REAL = DATA / "recs" / "uhri_818_six_languages" / "export_shape_en.json"
EXCHANGED = 0.2  # of the words of a text
RECORDS_A_DOCUMENT = 66  # 267,942 records in 4,041 documents
WORD = re.compile(r"[a-z]{4,}")


def real_records() -> list[dict]:
    """Only those that name a State: a file with refused rows would not be applied without confirmation."""
    if REAL.is_file():
        return [record for record in json.loads(REAL.read_text(encoding="utf-8")) if record["Countries"]]
    return [record for cycle in (2, 3, 4) for record in make_fixtures.uhri_records(cycle)]


def grown_records(number: int) -> Iterator[dict]:
    """`number` records, the same at every call."""
    real = real_records()
    chance = random.Random(2026)  # noqa: S311 -- test data, not a secret
    uses: Counter = Counter()
    words = sorted({word for record in real for word in WORD.findall(record["Text"])})
    for _number in range(number):
        record = dict(real[chance.randrange(len(real))])
        record["AnnotationId"] = str(UUID(int=chance.getrandbits(128), version=4))
        used = uses[record["Symbol"]] = uses[record["Symbol"]] + 1
        record["Symbol"] = f"{record['Symbol']}/{used // RECORDS_A_DOCUMENT}"
        record["Text"] = renumbered(record["Text"], used % RECORDS_A_DOCUMENT + 1)
        record["Text"] = WORD.sub(
            lambda match: chance.choice(words) if chance.random() < EXCHANGED else match.group(), record["Text"]
        )
        yield record


def renumbered(text: str, number: int) -> str:
    """The text with another paragraph number, so that numbers in a document are unique as in nearly all real ones."""
    paragraph, rest = lift_number(clean(text))
    if not paragraph:
        return text
    chapter, dot, _item = paragraph.rpartition(".")
    return f"{chapter}{dot}{number}. {rest}"


def write_export(path: Path, number: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("[\n")
        for index, record in enumerate(grown_records(number)):
            file.write((",\n" if index else "") + json.dumps(record, ensure_ascii=False))
        file.write("\n]\n")
