from django.db import transaction

from servanda.people.models import Instance, User
from servanda.trail.models import Event

DESCRIPTION = ["state_code", "name", "languages", "time_zone", "contact"]


@transaction.atomic
def edit_instance(*, state_code: str, name: str, languages: str, time_zone: str, contact: str, by: User) -> Instance:
    """Say whose system this is; every page and export carries it from then on."""
    Instance.objects.get_or_create(pk=1)
    instance = Instance.objects.select_for_update().get(pk=1)
    new = {
        "state_code": state_code,
        "name": name,
        "languages": languages,
        "time_zone": time_zone,
        "contact": contact,
    }
    difference = {
        field: [str(getattr(instance, field)), str(value)]
        for field, value in new.items()
        if getattr(instance, field) != value
    }
    instance.state_code, instance.name, instance.languages = state_code, name, languages
    instance.time_zone, instance.contact = time_zone, contact
    instance.save(update_fields=DESCRIPTION)
    Event.record("instance-edited", instance, by=by, difference=difference)
    return instance
