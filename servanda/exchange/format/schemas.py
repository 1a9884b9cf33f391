"""One JSON Schema for each kind, made of the published shapes, with what an object from elsewhere must have at least.

A sender needs few keys: the published shape of this program has more, and what a schema does not name is kept.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from servanda.api import plans_and_reports
from servanda.api import schemas as api_schemas
from servanda.exchange.format.kinds import KINDS, VERSION, ExchangeKind
from servanda.network import models as network
from servanda.network.practices.queries import capacities
from servanda.planning.models import Action, Indicator, Measurement
from servanda.progress.models.assessments import Common
from servanda.recommendations.models import Recommendation, Stand, TextVersion

DRAFT = "https://json-schema.org/draft/2020-12/schema"
SHORT, LONG, MANY = 1_000, 200_000, 10_000  # characters, characters, entries of a list
LANGUAGES = 20  # in which an object may be at most
# What travels inside other objects, and has a schema of its own for whoever writes it.
PARTS = {"position": api_schemas.Position, "status": api_schemas.Status, "value": plans_and_reports.Value}
REQUIRED = {
    "Recommendation": ["code", "kind", "body", "texts"],
    "Text": ["language", "text"],
    "Position": ["stand"],
    "Label": ["taxonomy", "code"],
    "Source": ["scheme", "id"],
    "Link": ["relation", "code"],
    "SignedAssessment": ["institution", "date", "value"],
    "Reply": ["date", "text"],
    "Review": ["body"],
    "Document": ["symbol"],
    "Action": ["code", "title", "status"],
    "Indicator": ["code", "name", "kind", "unit"],
    "Value": ["start", "end"],
    "Report": ["code", "title", "language", "submitted_on"],
    "ReportFile": ["address", "name"],
    "Practice": ["code", "texts"],
    "PracticeText": ["language", "title", "problem", "steps", "result"],
    "PracticeCost": ["amount", "currency"],
    "PracticeTheme": ["taxonomy", "code"],
    "PracticeEvidence": ["text"],
    "Endorsement": ["mechanism", "kind", "date"],
    "PracticeEndorsement": ["code", "practice", "mechanism", "kind", "date"],
    "Profile": ["code", "name", "country"],
    "MechanismFact": ["field", "value"],
    "Request": ["code", "mechanism", "country", "title", "text", "forms", "languages"],
    "Offer": ["code", "mechanism", "country", "title", "text", "forms", "languages"],
    "Sum": ["amount", "currency"],
    "Evaluation": ["code", "request", "side", "mechanism", "rating", "date"],
    "Meeting": ["code", "title", "start", "end"],
    "Training": ["code", "title", "text"],
    "TrainingSession": ["start", "end"],
    "Commitment": ["code", "wording", "source", "texts"],
}
LONG_TEXTS = {"text", "definition", "formula", "comment", "note", "reason", "words"} | {
    *("problem", "context", "result", "failures", "background", "materials"),
}
DATES = {
    *("date", "start", "end", "due_on", "baseline_on", "target_on", "submitted_on", "last_update"),
    *("follow_up_due_on", "follow_up_replied_on", "dissemination_due_on", "since"),
}
LANGUAGE = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
ADDRESS = {"pattern": "^https?://", "maxLength": 500}
NAME = {"minLength": 1, "maxLength": 200}
STATE = {"pattern": "^[A-Z][A-Z0-9-]{1,9}$"}
AMOUNT, CURRENCY = {"pattern": r"^[0-9]{1,13}(\.[0-9]{1,2})?$"}, {"pattern": "^[A-Z]{3}$"}
COMMON = {"items": {"type": "string", "enum": list(Common.values)}}
SPOKEN = {"maxItems": LANGUAGES, "items": {"type": "string", "pattern": LANGUAGE, "maxLength": 8}}
ASSISTANCE: dict[str, dict[str, Any]] = {
    "mechanism": NAME,
    "country": STATE,
    "title": NAME,
    "text": {"minLength": 1},
    "forms": {"minItems": 1, "items": {"type": "string", "enum": list(network.Assistance.Form.values)}},
    "languages": SPOKEN | {"minItems": 1},
    "regions": {"items": {"type": "string", "enum": list(network.Assistance.Region.values)}},
    "capacity": {"enum": ["", *capacities()]},
}
RULES: dict[tuple[str, str], dict[str, Any]] = {
    ("Recommendation", "kind"): {"enum": list(Recommendation.Kind.values)},
    ("Recommendation", "stand"): {"enum": ["", *Stand.values]},
    ("Recommendation", "texts"): {"minItems": 1},
    ("Recommendation", "language"): {"pattern": "^$|" + LANGUAGE},
    ("Position", "stand"): {"enum": list(Stand.values)},
    ("Text", "language"): {"pattern": LANGUAGE},
    ("Text", "form"): {"enum": list(TextVersion.Form.values)},
    ("Text", "text"): {"minLength": 1},
    ("Status", "government"): COMMON,
    ("Status", "mechanism"): COMMON,
    ("Status", "independent"): COMMON,
    ("Action", "title"): {"minLength": 1},
    ("Action", "status"): {"enum": list(Action.Status.values)},
    ("Indicator", "kind"): {"enum": list(Indicator.Kind.values)},
    ("Indicator", "unit"): {"enum": list(Indicator.Unit.values)},
    ("Indicator", "direction"): {"enum": list(Indicator.Direction.values)},
    ("Value", "missing"): {"enum": ["", *Measurement.Missing.values]},
    ("Report", "language"): {"pattern": LANGUAGE},
    ("Practice", "texts"): {"minItems": 1, "maxItems": LANGUAGES},
    ("PracticeText", "language"): {"pattern": LANGUAGE, "maxLength": 8},
    ("PracticeText", "title"): {"minLength": 1, "maxLength": 300},
    ("PracticeText", "steps"): {"minItems": 1, "items": {"type": "string", "maxLength": LONG}},
    ("PracticeText", "cost"): {"maxLength": LONG},
    ("PracticeCost", "amount"): AMOUNT,
    ("PracticeCost", "currency"): CURRENCY,
    ("PracticeEvidence", "address"): {"pattern": "^$|^https?://", "maxLength": 500},
    ("Endorsement", "kind"): {"enum": list(network.Endorsement.Kind.values)},
    ("PracticeEndorsement", "practice"): ADDRESS,
    ("PracticeEndorsement", "mechanism"): NAME,
    ("PracticeEndorsement", "kind"): {"enum": list(network.Endorsement.Kind.values)},
    ("Profile", "name"): NAME,
    ("Profile", "country"): STATE,
    ("MechanismFact", "field"): {"pattern": "^[a-z0-9_-]{1,40}$"},
    ("MechanismFact", "value"): {"maxLength": 4_000},
    ("MechanismFact", "source"): {"maxLength": 300},
    **{(name, key): rule for name in ("Request", "Offer") for key, rule in ASSISTANCE.items()},
    ("Evaluation", "request"): ADDRESS,
    ("Evaluation", "provider"): {"pattern": "^$|^https?://", "maxLength": 500},
    ("Evaluation", "provider_country"): {"pattern": "^$|" + STATE["pattern"]},
    ("Evaluation", "side"): {"enum": list(network.CooperationEvaluation.Side.values)},
    ("Evaluation", "mechanism"): NAME,
    ("Evaluation", "rating"): {"enum": list(network.CooperationEvaluation.Rating.values)},
    ("Meeting", "title"): NAME,
    ("Meeting", "kind"): {"enum": list(network.Meeting.Kind.values)},
    ("Meeting", "languages"): SPOKEN,
    ("Training", "title"): NAME,
    ("Training", "text"): {"minLength": 1},
    ("Training", "level"): {"enum": list(network.Course.Level.values)},
    ("Training", "form"): {"enum": list(network.Course.Form.values)},
    ("Training", "languages"): SPOKEN,
    ("Training", "link"): {"pattern": "^$|^https?://", "maxLength": 500},
    ("Commitment", "wording"): {"enum": list(network.Commitment.Wording.values)},
    ("Commitment", "source"): {"minLength": 1, "maxLength": 300},
    ("Commitment", "texts"): {"minItems": 1},
    ("Sum", "amount"): AMOUNT,
    ("Sum", "currency"): CURRENCY,
    ("ReportFile", "sha256"): {"pattern": "^[0-9a-f]{64}$"},
}


@cache
def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind, or of a part that travels inside objects. Raises `KeyError`."""
    if kind in PARTS:
        return framed(PARTS[kind], kind)
    schema = framed(KINDS[kind].shape, kind)
    schema["properties"] = envelope(KINDS[kind]) | schema["properties"]
    schema["required"] = ["id", "type", *schema["required"]]
    return schema


def all_schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in (*KINDS, *PARTS):
        yield kind, schema_of(kind)


def framed(shape: Any, kind: str) -> dict[str, Any]:
    made = shape.model_json_schema()
    parts = made.pop("$defs", {})
    for name, part in parts.items():
        tighten(name, part)
        part.pop("type", None)  # said where it is used, since some places allow null
    tighten(shape.__name__, made)
    made.pop("additionalProperties", None)
    head = {"$schema": DRAFT, "$id": f"urn:servanda:exchange:{VERSION}:{kind}", "title": shape.__name__}
    return head | made | {"$defs": parts}


def envelope(kind: ExchangeKind) -> dict[str, Any]:
    return {
        "@context": {"description": "The meaning of the keys, JSON-LD 1.1; a file may have it once for all."},
        "id": {
            "type": "string",
            "maxLength": SHORT,
            "pattern": "^https?://",
            "description": "The stable address: origin, kind and code, as https://mechanism.example/exchange/"
            f"{kind.code}/CODE.",
        },
        "type": {"const": kind.type},
    }


def tighten(name: str, schema: dict[str, Any]) -> None:
    """Leave as required what an object needs at least, and add the values and lengths that are allowed."""
    schema["required"] = REQUIRED.get(name, [])
    schema.pop("title", None)
    for key, described in schema["properties"].items():
        bounded(key, described)
        described.update(RULES.get((name, key), {}))


def bounded(key: str, described: dict[str, Any]) -> None:
    described.pop("title", None)
    if "anyOf" in described:
        merge_alternatives(described)
    if "$ref" in described:
        described.setdefault("type", "object")
    types = described.get("type")
    if types == "array":
        described["maxItems"] = MANY
        bounded("", described["items"])
    elif types == "string" or (isinstance(types, list) and "string" in types):
        described["maxLength"] = LONG if key in LONG_TEXTS else SHORT
        if key in DATES:
            described["format"] = "date"


def merge_alternatives(described: dict[str, Any]) -> None:
    """Write “this or null” as a list of types: a validator then says which type is expected."""
    alternatives = described.pop("anyOf")
    described["type"] = [part.get("type", "object") for part in alternatives]
    for part in alternatives:
        described.update({key: value for key, value in part.items() if key not in {"type", "title"}})
