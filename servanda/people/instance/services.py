from django.db import transaction

from servanda.people.models import Instance, User
from servanda.trail.models import Event

DESCRIPTION = [
    "state_code",
    "name",
    "languages",
    "regional_systems",
    "time_zone",
    "contact",
    "second_factor_for_focal_points",
    "second_factor_for_contributors",
    "updates_need_validation",
    "updates_need_publication",
    "writer_may_validate",
    "writer_may_publish",
    "assessor_may_publish",
    "takes_public_contributions",
    "consultation_step",
]


@transaction.atomic
def edit_instance(
    *,
    state_code: str,
    name: str,
    languages: str,
    regional_systems: str,
    time_zone: str,
    contact: str,
    second_factor_for_focal_points: bool,
    second_factor_for_contributors: bool,
    updates_need_validation: bool,
    updates_need_publication: bool,
    writer_may_validate: bool,
    writer_may_publish: bool,
    assessor_may_publish: bool,
    takes_public_contributions: bool,
    consultation_step: str = "",
    by: User,
) -> Instance:
    """Save the settings of the instance. People who need a second factor from now on have to set it up on their next
    page."""
    Instance.objects.get_or_create(pk=1)
    instance = Instance.objects.select_for_update().get(pk=1)
    before = {field: getattr(instance, field) for field in DESCRIPTION}
    instance.state_code, instance.name, instance.languages = state_code, name, languages
    instance.regional_systems, instance.time_zone, instance.contact = regional_systems, time_zone, contact
    instance.second_factor_for_focal_points = second_factor_for_focal_points
    instance.second_factor_for_contributors = second_factor_for_contributors
    instance.updates_need_validation = updates_need_validation
    instance.updates_need_publication = updates_need_publication
    instance.writer_may_validate = writer_may_validate
    instance.writer_may_publish = writer_may_publish
    instance.assessor_may_publish = assessor_may_publish
    instance.takes_public_contributions = takes_public_contributions
    instance.consultation_step = consultation_step
    instance.save(update_fields=DESCRIPTION)
    difference = {
        field: [str(old), str(getattr(instance, field))]
        for field, old in before.items()
        if old != getattr(instance, field)
    }
    Event.record("instance-edited", instance, by=by, difference=difference)
    return instance
