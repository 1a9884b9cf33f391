from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("progress", "0004_moment_of_publication")]

    operations = [
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_published", False), ("published_at", None)),
                    models.Q(("is_published", True), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="assessment_is_published_at_a_moment",
            ),
        ),
    ]
