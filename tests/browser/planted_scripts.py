"""Scripts in every stored word: whatever people, files and machines wrote, no page may run it."""

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat

SCRIPTS = [
    "\"'><img src=x onerror=ran=1> <script>ran=1</script> </textarea> </title> <svg/onload=ran=1> ",
    "\"'></title><b onload=ran> ",  # where little room is
    "<b onload=ran>",
]
NAME = 200  # characters at most of a name, which some pages show on one line that nothing breaks
ADDRESS = "javascript:ran=1"
# What the program itself writes and reads: a person cannot put words there, and a page would only break.
MACHINES = {
    "code", "key", "codename", "digest", "sha256", "hash", "previous", "session_key", "session_stamp", "password",
    "query", "object_id", "object_type", "page_key", "scheme", "shape", "difference", "raw", "email", "language",
    "kind", "state", "family",
}  # fmt: skip
OURS = {
    "intake", "language", "people", "planning", "progress", "recommendations", "sources", "vocab",
}  # fmt: skip


def is_written(field: models.Field) -> bool:
    """Whether people fill this column with words of their own."""
    return (
        isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.FileField | models.JSONField)
        and field.concrete
        and not (field.choices or field.unique or field.primary_key or field.name in MACHINES)
    )


def script_for(field: models.Field) -> str | None:
    """The longest script that the column has room for, beside the number that keeps its rows apart."""
    if isinstance(field, models.URLField):
        return ADDRESS
    room = (field.max_length or 10_000) - 8
    scripts = SCRIPTS[1:] if room < NAME else SCRIPTS
    return next((script for script in scripts if len(script) <= room), None)


def plant_scripts() -> int:
    """Put a script into every column that people fill; answers how many columns got one."""
    planted = 0
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model._meta.proxy:
            continue
        for field in filter(is_written, model._meta.local_fields):
            if script := script_for(field):
                plant_in(model, field, script)
                planted += 1
    return planted


def plant_in(model: type[models.Model], field: models.Field, script: str) -> None:
    """In each row; where a rule of the table wants the empty ones empty, in those that say something."""
    number = Cast(F("pk"), models.CharField())
    words = Value(script) if isinstance(field, models.URLField) else Concat(Value(script), number)
    rows = model._base_manager.all()
    try:
        with transaction.atomic():
            rows.update(**{field.name: words})
    except IntegrityError:
        rows.exclude(**{field.name: ""}).update(**{field.name: words})
