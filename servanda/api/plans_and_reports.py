"""What is published of actions, indicators with values, and reports, key by key: what their public pages show."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from ninja import Field, Schema

from servanda.api.words import ByLanguage, by_language
from servanda.planning import models as planning
from servanda.planning.indicators.listing import as_number
from servanda.recommendations.models import ClusterMember
from servanda.recommendations.models import Recommendation as Record
from servanda.reporting import models as reporting


class Action(Schema):
    code: str = Field(description="The reference of the action.")
    title: str
    status: str = Field(description="`planned`, `in-progress`, `suspended`, `completed` or `abandoned`.")
    due_on: str | None = Field(description="The deadline, ISO 8601.")
    lead: ByLanguage | None = Field(description="Name of the lead institution, by language.")
    recommendations: list[str] = Field(description="References of the published recommendations that it answers.")


class Value(Schema):
    """One value of an indicator, or the reason why it is missing."""

    start: str = Field(description="First day of the period, ISO 8601.")
    end: str = Field(description="End of the period (inclusive), ISO 8601.")
    value: float | int | str | None = Field(description="Digits as a text where a number would round them.")
    missing: str = Field(
        description="`not-collected`, `not-yet`, `not-broken-down`, `confidential` or `not-applicable`; empty with a "
        "value."
    )
    territory: str = Field(description="Empty for the whole country.")
    population: str = Field(description="Empty for everyone.")
    breakdown: str = Field(description="Dimensions and categories, `age=0-14;sex=F`; empty for the total.")
    source: str
    method_version: str
    is_break: bool = Field(description="Not comparable with the values before it.")
    note: str


class Indicator(Schema):
    code: str = Field(description="The reference of the indicator.")
    name: str
    kind: str = Field(description="`structure`, `process` or `outcome`, as in HR/PUB/12/5.")
    attribute: str = Field(description="Attribute of the right.")
    definition: str
    formula: str = Field(description="Calculation method.")
    unit: str = Field(description="`number`, `percent`, `rate`, `index`, `money` or `yes-no`.")
    unit_words: str
    direction: str = Field(description="`up` or `down`: which of the two is better.")
    source: str
    custodian: ByLanguage | None = Field(description="Name of the institution that keeps it, by language.")
    baseline: float | int | str | None
    baseline_on: str | None = Field(description="ISO 8601.")
    target: float | int | str | None
    target_on: str | None = Field(description="ISO 8601.")
    target_source: str
    schedule: str
    sdg_indicator: str
    method_version: str
    recommendations: list[str] = Field(description="References of the published recommendations that it measures.")
    values: list[Value] = Field(description="All current values, the oldest first.")


class ReportFile(Schema):
    address: str
    name: str
    mime: str
    size: int = Field(description="Bytes.")
    sha256: str


class Report(Schema):
    """A report as it was submitted."""

    code: str = Field(description="The permanent key.")
    address: str = Field(description="The page for people.")
    title: str
    issuer: str
    body: str | None = Field(description="Code of the body that receives it.")
    language: str
    words: int
    submitted_on: str = Field(description="ISO 8601.")
    files: list[ReportFile]


def with_lead(actions: QuerySet) -> QuerySet:
    leads = planning.ActionInstitution.objects.filter(part="lead").select_related("institution")
    return actions.prefetch_related(Prefetch("parts", leads, to_attr="leads"))


def with_values(indicators: QuerySet) -> QuerySet:
    values = planning.Measurement.objects.current()
    return indicators.select_related("custodian").prefetch_related(Prefetch("measurements", values, to_attr="values"))


def with_files(reports: QuerySet) -> QuerySet:
    return reports.select_related("report__obligation__body").prefetch_related("files")


def actions(rows: Iterable[planning.Action], site: str) -> list[Action]:
    """The published shape of actions read by `with_lead`."""
    rows = list(rows)
    answered = _answered(rows)
    return [
        Action(
            code=row.code,
            title=row.title,
            status=row.status,
            due_on=_day(row.due_on),
            lead=next((by_language(part.institution.name) for part in vars(row)["leads"]), None),
            recommendations=sorted(answered[row.pk]),
        )
        for row in rows
    ]


def _answered(rows: Sequence[planning.Action]) -> Mapping[int, set[str]]:
    """The references of public records that each action answers, directly or through their cluster."""
    keys = [row.pk for row in rows]
    direct = planning.ActionRecommendation.objects.filter(action__in=keys, recommendation__in=_public())
    through = planning.ActionCluster.objects.filter(action__in=keys)
    inside = ClusterMember.objects.reached().filter(
        cluster__in=through.order_by().values("cluster"), recommendation__in=_public()
    )
    members = defaultdict(set)
    for cluster, code in inside.order_by().values_list("cluster", "recommendation__code"):
        members[cluster].add(code)
    answered: defaultdict[int, set[str]] = defaultdict(set)
    for action, code in direct.values_list("action", "recommendation__code"):
        answered[action].add(code)
    for action, cluster in through.values_list("action", "cluster"):
        answered[action] |= members[cluster]
    return answered


def _public() -> QuerySet:
    return Record.objects.public().order_by().values("pk")


def indicators(rows: Iterable[planning.Indicator], site: str) -> list[Indicator]:
    """The published shape of indicators read by `with_values`."""
    rows = list(rows)
    links = planning.IndicatorRecommendation.objects.filter(indicator__in=rows, recommendation__in=_public())
    measured: defaultdict[int, list[str]] = defaultdict(list)
    for indicator, code in links.order_by("recommendation__code").values_list("indicator", "recommendation__code"):
        measured[indicator].append(code)
    return [_indicator(row, measured[row.pk]) for row in rows]


def _indicator(row: planning.Indicator, measured: list[str]) -> Indicator:
    return Indicator(
        code=row.code,
        name=row.name,
        kind=row.kind,
        attribute=row.attribute,
        definition=row.definition,
        formula=row.formula,
        unit=row.unit,
        unit_words=row.unit_words,
        direction=row.direction,
        source=row.source,
        custodian=by_language(row.custodian.name) if row.custodian else None,
        baseline=as_number(row.baseline),
        baseline_on=_day(row.baseline_on),
        target=as_number(row.target),
        target_on=_day(row.target_on),
        target_source=row.target_source,
        schedule=row.schedule,
        sdg_indicator=row.sdg_indicator,
        method_version=row.method_version,
        recommendations=measured,
        values=[_value(value) for value in vars(row)["values"]],
    )


def _value(row: planning.Measurement) -> Value:
    return Value(
        start=row.start.isoformat(),
        end=row.end.isoformat(),
        value=as_number(row.value),
        missing=row.missing,
        territory=row.territory,
        population=row.population,
        breakdown=row.breakdown,
        source=row.source,
        method_version=row.method_version,
        is_break=row.is_break,
        note=row.note,
    )


def reports(rows: Iterable[reporting.ReportSnapshot], site: str) -> list[Report]:
    """The published shape of submitted reports read by `with_files`; `site` is put in front of each address."""
    return [_report(row, site) for row in rows]


def _report(row: reporting.ReportSnapshot, site: str) -> Report:
    obligation = row.report.obligation
    return Report(
        code=str(row.key),
        address=site + row.get_absolute_url(),
        title=row.title,
        issuer=row.issuer,
        body=obligation.body.code if obligation else None,
        language=row.language,
        words=row.words,
        submitted_on=row.submitted_on.isoformat(),
        files=[_file(file, row, site) for file in row.files.all()],
    )


def _file(file: reporting.SnapshotFile, of: reporting.ReportSnapshot, site: str) -> ReportFile:
    name, place = "portal:submitted_report_file", [of.key, file.format]
    if file.language:
        name, place = "portal:submitted_report_translation", [of.key, file.language, file.format]
    address = site + reverse(name, args=place)
    return ReportFile(address=address, name=file.name, mime=file.mime, size=file.size, sha256=file.sha256)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
