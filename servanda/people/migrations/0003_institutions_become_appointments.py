"""A person had one role and one institution; what is held in an institution becomes an appointment to it."""

from django.db import migrations
from django.db.models import F

FUNCTIONS = {
    "reader": "reader",
    "contributor": "contributor",
    "focal-point": "principal",
    "authority": "authority",
}
UNNAMED = "to-be-named"


def appoint(apps, schema_editor):
    User, Institution, Appointment = (
        apps.get_model("people", name) for name in ("User", "Institution", "Appointment")
    )
    User.objects.update(accepted_at=F("date_joined"))
    for person in User.objects.filter(role__in=FUNCTIONS):
        institution = person.institution or Institution.objects.get_or_create(
            code=UNNAMED, defaults={"name": "Institution to be named"}
        )[0]
        Appointment.objects.create(
            person=person,
            institution=institution,
            function=FUNCTIONS[person.role],
            start=person.date_joined.date(),
        )
        person.role = ""
        person.save(update_fields=["role"])


def take_back(apps, schema_editor):
    Appointment = apps.get_model("people", "Appointment")
    roles = {function: role for role, function in FUNCTIONS.items()} | {"alternate": "focal-point"}
    for appointment in Appointment.objects.order_by("start").select_related("person"):
        appointment.person.institution_id = appointment.institution_id
        appointment.person.role = appointment.person.role or roles[appointment.function]
        appointment.person.save(update_fields=["institution", "role"])
    Appointment.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0002_people_and_appointments")]
    operations = [
        migrations.RunPython(appoint, take_back),
        migrations.RemoveField("user", "institution"),
    ]
