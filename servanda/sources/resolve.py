"""Resolves printed names to codes of the vocabulary, and reports unknown ones."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from servanda.kit.database.sentences import gettext as _
from servanda.sources.candidates import Candidate, Kind, Label, PrintedFollowUp, PrintedPosition, Problem, Stand
from servanda.vocab.lookup import ID_SCHEMES, Lookup

FIRST_YEAR = 1946  # of the Commission on Human Rights
NO_STATE = "no State"  # the field of problems of rows without a State, which a person can assign to one
UHRI_KINDS = {"aa43335f": Kind.RECOMMENDATION, "3ae2eea6": Kind.OBSERVATION, "acf979ef": Kind.OTHER}
UHRI_POSITIONS = {"277ced3b": Stand.SUPPORTED, "7d6138a1": Stand.NOTED, "c568ecb2": Stand.PARTLY}
UHRI_CYCLES = {"2cb5408d": 1, "d8b676e9": 2, "ba74bb92": 3}
LONGEST = {"symbol": 120, "paragraph": 40, "document_id": 64}  # characters that the register keeps
ID_PREFIX = 8  # leading characters of a UHRI id whose meaning was inferred (not official)


@dataclass(slots=True)
class Resolved:
    """A resolved candidate, with primary keys of countries, bodies and terms."""

    where: str
    raw: str
    kind: Kind
    country_ids: list[int]
    country_code: str
    body_id: int | None
    body_code: str
    symbol: str
    document_id: str
    paragraph: str
    order: int | None
    texts: dict[str, str]
    original: str
    published: date | None
    listed: date | None
    cycle: int | None
    session: int | None
    year: int | None
    recommending_ids: list[int]
    position: PrintedPosition | None
    term_ids: list[int]
    external: dict[str, str]
    comment: str
    follow_up: list[PrintedFollowUp] = field(default_factory=list)
    code: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    supplement: str = ""
    list_of: str = ""
    plain_id: str = ""
    place: tuple[str, int] | None = None
    printed_position: str = ""
    problems: list[Problem] = field(default_factory=list)
    digest: str = ""
    key: tuple[str, str] = (
        "",
        "",
    )  # scheme and id of the source; set where rows are judged


def make_resolver(
    lookup: Lookup, *, identify: Callable[[str], str], on: date, default_country: int | None = None
) -> Callable[[Candidate], Resolved]:
    """A function that resolves a candidate; `identify` returns the language of a text, `on` is today."""

    def resolve(candidate: Candidate) -> Resolved:
        problems = list(candidate.problems)
        candidate = with_ids_read(candidate, lookup)
        body, country_in_symbol = body_of(candidate, lookup, problems)
        countries = states_of(candidate, country_in_symbol, default_country, lookup, problems)
        published = within_time(candidate.published, on, problems)
        resolved = Resolved(
            where=candidate.where,
            raw=candidate.raw,
            kind=candidate.kind,
            country_ids=countries,
            country_code=lookup.country_codes[countries[0]] if countries else "",
            body_id=body,
            body_code=lookup.body_codes[body] if body else "",
            symbol=candidate.symbol,
            document_id=candidate.document_id,
            paragraph=candidate.paragraph,
            order=candidate.order,
            texts=texts_of(candidate.texts, identify),
            original=candidate.original,
            published=published,
            listed=candidate.listed,
            cycle=candidate.cycle or (lookup.cycle_of(candidate.session) if candidate.session else None),
            session=candidate.session,
            year=published.year if published else None,
            recommending_ids=recommending_of(candidate.recommending, lookup, problems),
            position=position_of(candidate, body, lookup, problems),
            term_ids=terms_of(candidate.labels, lookup, problems),
            external=candidate.external,
            comment=candidate.comment,
            follow_up=candidate.follow_up,
            code=candidate.code,
            cells=candidate.cells,
            supplement=candidate.supplement,
            list_of=candidate.list_of,
            plain_id=candidate.plain_id,
            place=candidate.place,
            printed_position=candidate.printed_position,
            problems=problems,
        )
        return completed(resolved)

    return resolve


def completed(resolved: Resolved) -> Resolved:
    """The same with the problems of the whole row, and its digest."""
    add_problems(resolved)
    resolved.digest = digest_of(resolved)
    return resolved


def distinct(pks: list[int | None]) -> list[int]:
    return list(dict.fromkeys(pk for pk in pks if pk is not None))


def texts_of(printed: dict[str, str], identify: Callable[[str], str]) -> dict[str, str]:
    """The texts by language. A text whose language had to be identified does not replace one with a stated
    language."""
    texts = {language: without_list_sign(text) for language, text in printed.items() if text}
    if unnamed := texts.pop("", ""):
        language = identify(unnamed)
        texts["" if language in texts else language] = unnamed
    return texts


def without_list_sign(text: str) -> str:
    """The text without the semicolon that ends an item of a list, which only some senders print."""
    return text.rstrip(" ;；؛") or text


def with_ids_read(candidate: Candidate, lookup: Lookup) -> Candidate:
    """The candidate with ids of kind, position, cycle and session resolved, which records of UHRI's search
    contain."""
    ids_by_scheme = {label.scheme: label.text for label in candidate.labels if label.scheme in READ_FROM_IDS}
    if not ids_by_scheme:
        return candidate
    stand = UHRI_POSITIONS.get(ids_by_scheme.get("upr-position-id", "")[:ID_PREFIX])
    return replace(
        candidate,
        kind=UHRI_KINDS.get(ids_by_scheme.get("annotation-type-id", "")[:ID_PREFIX], candidate.kind),
        cycle=candidate.cycle or UHRI_CYCLES.get(ids_by_scheme.get("upr-cycle-id", "")[:ID_PREFIX]),
        session=candidate.session or lookup.session_ids.get(ids_by_scheme.get("upr-session-id", "")),
        position=candidate.position or (PrintedPosition(stand) if stand else None),
        labels=[label for label in candidate.labels if label.scheme not in READ_FROM_IDS],
    )


READ_FROM_IDS = {"upr-position-id", "annotation-type-id", "upr-cycle-id", "upr-session-id"}


def body_of(candidate: Candidate, lookup: Lookup, problems: list[Problem]) -> tuple[int | None, str]:
    by_symbol, country = lookup.body_of_symbol(candidate.symbol) if candidate.symbol else (None, "")
    printed = [name for name in (candidate.body, *candidate.other_bodies) if name]
    bodies = [body for name in printed if (body := lookup.body(name)) is not None]
    if bodies:
        return bodies[0], country
    if printed:
        sentence = _("The body “%(body)s” is not known. Choose the body, or correct the name in the file.")
        problems.append(Problem("body", sentence % {"body": " / ".join(printed)}, name=printed[-1]))
        return None, country
    if by_symbol is None and (candidate.cycle or candidate.session):
        return lookup.body("UPR"), country  # only the UPR numbers cycles and sessions for all States
    if by_symbol is None and candidate.makes_a_record and not any(problem.fatal for problem in problems):
        sentence = _(
            "No body is named or can be determined from the symbol. Choose the column of the body, or a body "
            "for empty cells."
        )
        problems.append(Problem("body", sentence))
    return by_symbol, country


def position_of(
    candidate: Candidate, body: int | None, lookup: Lookup, problems: list[Problem]
) -> PrintedPosition | None:
    """The position, for bodies on whose recommendations States take one; elsewhere it stays in the raw record
    only."""
    if candidate.position is None or body is None or body in lookup.bodies_with_positions:
        return candidate.position
    sentence = _("States take no position on recommendations of %(body)s: “%(words)s” is kept in the raw data only.")
    printed = candidate.position.words or candidate.position.stand.value
    problems.append(Problem("position", sentence % {"body": lookup.short_names[body], "words": printed}, fatal=False))
    return None


def states_of(
    candidate: Candidate, code_in_symbol: str, default: int | None, lookup: Lookup, problems: list[Problem]
) -> list[int]:
    """The States under review: those named, or else that of the symbol, or else the default."""
    countries = countries_of(candidate.countries, lookup, problems) or distinct(
        [lookup.country(code_in_symbol) if code_in_symbol else None, default]
    )
    if not countries and not candidate.countries and candidate.makes_a_record:
        problems.append(Problem(NO_STATE, _("No State is named.")))
    return countries


def countries_of(printed: list[str], lookup: Lookup, problems: list[Problem]) -> list[int]:
    named_countries = [named for cell in printed for named in lookup.countries_of(cell)]
    for name, pk in named_countries:
        if pk is None:
            sentence = _("The State “%(name)s” is not known. Choose the State, or correct the name in the file.")
            problems.append(Problem("country", sentence % {"name": name}, name=name))
    return distinct([pk for _name, pk in named_countries])


def recommending_of(printed: list[str], lookup: Lookup, problems: list[Problem]) -> list[int]:
    named_countries = [named for cell in printed for named in lookup.countries_of(cell)]
    for name, pk in named_countries:
        if pk is None:
            sentence = _("The recommending State “%(name)s” is not known; it was left out.")
            problems.append(Problem("recommending", sentence % {"name": name}, fatal=False, name=name))
    return distinct([pk for _name, pk in named_countries])


def terms_of(labels: list[Label], lookup: Lookup, problems: list[Problem]) -> list[int]:
    pks: set[int] = set()
    for label in labels:
        terms = lookup.terms_named(label.scheme, label.text)
        if terms is None:
            sentence = _("The label “%(label)s” (%(scheme)s) is not known; the row is imported without it.")
            values = {"label": label.text, "scheme": ID_SCHEMES.get(label.scheme, label.scheme)}
            problems.append(Problem("label", sentence % values, fatal=False))
        else:
            pks.update(terms)
    return sorted(pks)


def within_time(published: date | None, on: date, problems: list[Problem]) -> date | None:
    if published is None or date(FIRST_YEAR, 1, 1) <= published <= on + timedelta(days=366):
        return published
    sentence = _("The date %(date)s cannot be right; the row is imported without a date.")
    problems.append(Problem("date", sentence % {"date": published.isoformat()}, fatal=False))
    return None


def add_problems(resolved: Resolved) -> None:
    if resolved.kind == Kind.ANSWER:
        if resolved.position is None:
            resolved.problems.append(Problem("position", _("No position is stated.")))
    elif is_without_text(resolved) and not any(problem.fatal for problem in resolved.problems):
        resolved.problems.append(Problem("text", _("The row has no text.")))
    for name, most in LONGEST.items():
        if len(getattr(resolved, name)) > most:
            sentence = _("“%(start)s…” is too long: at most %(most)d characters are allowed.")
            resolved.problems.append(Problem(name, sentence % {"start": getattr(resolved, name)[:30], "most": most}))


def is_without_text(resolved: Resolved) -> bool:
    return not (resolved.texts or resolved.code or resolved.supplement)


def digest_of(resolved: Resolved) -> str:
    """A digest of everything that the register takes from this row, to detect unchanged rows."""
    position = resolved.position
    content = [
        resolved.kind,
        resolved.country_ids,
        resolved.body_id,
        resolved.symbol,
        resolved.paragraph,
        resolved.texts,
        str(resolved.published),
        resolved.cycle,
        resolved.session,
        resolved.recommending_ids,
        [position.stand, position.words, position.symbol, position.paragraph, position.comment] if position else None,
        resolved.term_ids,
    ]
    if resolved.follow_up:  # only then, so that rows imported before this field existed keep their digest
        content += [f"{request.kind}: {request.words}, {request.due}" for request in resolved.follow_up]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
