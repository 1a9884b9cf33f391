"""Scripts in every stored word: whatever people, files and machines wrote, no page may run it."""

import json
from collections import Counter

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat
from i18nfield.fields import I18nCharField, I18nTextField

SCRIPTS = [
    "\"'><img src=x onerror=ran=1> <script>ran=1</script> </textarea> </title> <svg/onload=ran=1> ",
    "\"'></title><b onload=ran> ",  # where little room is
    "<b onload=ran>",
]
NAME = 200  # characters at most of a name, which some pages show on one line that nothing breaks
ADDRESS = "javascript:ran=1"
# What the program itself writes and reads: a person cannot put words there, and a page would only break.
MACHINES = {
    "action", "capacities", "cleared_scope", "code", "codename", "copied_facts", "difference", "digest", "email",
    "exercise", "facts", "family", "fingerprint", "forms", "gap", "hash", "key", "kind", "kinds", "language",
    "member_kinds", "message_id", "object_id", "object_type", "page_key", "parts_checked", "password", "previous",
    "previous_hash", "private", "public", "query", "raw", "regions", "request_id", "rule_kinds", "scheme",
    "session_key", "session_stamp", "sha256", "shape", "state", "tag", "to", "tokens", "type",
    "Assistance.languages", "CitedSource.source", "Course.languages", "Event.role", "Event.salt", "Meeting.languages",
    "PeerEntry.languages", "Practice.languages", "PracticeVector.encoder", "PeerAnswer.encoder", "ProfileFact.field",
    "Quotation.source", "ReportDownload.name", "SelfAssessmentAnswer.question",
}  # fmt: skip
OBJECTS = {"Received.content", "SharedObject.content"}  # JSON, of which the words may be a peer's
# How many columns of each app have a script at least, in the rows of the scene.
LEAST = Counter(
    network=79, proceedings=59, sources=56, reporting=52, planning=49, recommendations=27, vocab=27, progress=24,
    people=18, intake=11, exchange=9, jobs=3, trail=1,
)  # fmt: skip
OURS = {app.label for app in apps.get_app_configs() if app.name.startswith("servanda.")}


def is_written(field: models.Field) -> bool:
    """Whether people fill this column with words of their own."""
    return (
        isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.FileField | models.JSONField)
        and field.concrete
        and not (field.choices or field.unique or field.primary_key)
        and not {field.name, f"{field.model.__name__}.{field.name}"} & (MACHINES | OBJECTS)
    )


def script_for(field: models.Field) -> str | None:
    """The longest script that the column has room for, beside the number that keeps its rows apart."""
    if isinstance(field, models.URLField):
        return ADDRESS
    room = (field.max_length or 10_000) - 8
    scripts = SCRIPTS[1:] if room < NAME else SCRIPTS
    return next((script for script in scripts if len(script) <= room), None)


def plant_scripts() -> None:
    """Put a script into every column that people fill. Fails where fewer columns of an app have rows than before."""
    columns = [
        (model, field, script)
        for model in apps.get_models()
        if model._meta.app_label in OURS and not model._meta.proxy
        for field in filter(is_written, model._meta.local_fields)
        if (script := script_for(field))
    ]
    planted = Counter(model._meta.app_label for model, field, script in columns if plant_in(model, field, script))
    plant_in_objects()
    assert planted >= LEAST, f"fewer than before: {LEAST - planted}"
    assert {model._meta.app_label for model, _field, _script in columns} == LEAST.keys()


def plant_in(model: type[models.Model], field: models.Field, script: str) -> int:
    """In each row; where a rule of the table wants the empty ones empty, in those that say something."""
    words = Value(script) if isinstance(field, models.URLField) else in_rows(field, script)
    rows = model._base_manager.all()
    try:
        with transaction.atomic():
            return rows.update(**{field.name: words})
    except IntegrityError:
        return rows.exclude(**{field.name: ""}).update(**{field.name: words})


def in_rows(field: models.Field, script: str) -> Concat:
    """With the number of the row; what may be there in several languages has it in one."""
    number = Cast(F("pk"), models.CharField())
    if not isinstance(field, I18nCharField | I18nTextField):
        return Concat(Value(script), number)
    before, after = json.dumps({"en": f"{script}%"}).split("%")
    return Concat(Value(before), number, Value(after))


def plant_in_objects() -> None:
    """What has a space between its letters is words."""
    for path in OBJECTS:
        name, field = path.split(".")
        rows = apps.get_model("exchange", name)._base_manager.exclude(**{field: ""})
        for key, content in rows.values_list("pk", field):
            rows.filter(pk=key).update(**{field: with_script(content)})


def with_script(content: str) -> str:
    def in_words(value):
        if isinstance(value, dict):
            return {key: in_words(each) for key, each in value.items()}
        if isinstance(value, list):
            return [in_words(each) for each in value]
        return f"{SCRIPTS[0]}{value}" if isinstance(value, str) and " " in value.strip() else value

    return json.dumps(in_words(json.loads(content)))
