
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_notices_of_clearance'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('appointed', 'Appointed'), ('appointment-ended', 'Appointment ended'), ('handed-over', 'Function handed over to you'), ('role-changed', 'Role changed'), ('invitation-accepted', 'Invitation accepted'), ('import-ready', 'Import ready'), ('import-applied', 'Import applied'), ('import-failed', 'Import failed'), ('people-sheet-ready', 'Import of institutions and people ready'), ('people-sheet-applied', 'Import of institutions and people applied'), ('people-sheet-failed', 'Import of institutions and people failed'), ('assignment-refused', 'Assignment refused'), ('contribution-received', 'Contribution received'), ('contribution-answered', 'Contribution answered'), ('input-asked', 'Information requested'), ('update-submitted', 'Update submitted'), ('update-validated', 'Update approved by its institution'), ('update-returned', 'Update returned'), ('update-published', 'Update published'), ('reply-asked', 'Answer of an institution requested'), ('reply-submitted', 'Answer of an institution submitted'), ('reply-validated', 'Answer of an institution approved'), ('reply-returned', 'Answer of an institution returned'), ('question-assigned', 'Question put in the room assigned'), ('assessment-signed', 'Independent assessment published'), ('assessment-replied', 'Reply to an assessment'), ('record-concealed', 'Assessed record no longer public'), ('consultation-opened', 'Draft open for comments'), ('consultation-closes', 'Consultation closing soon'), ('comment-answered', 'Reply to a comment on a draft'), ('report-to-clear', 'Report to clear'), ('report-cleared', 'Report cleared'), ('report-returned', 'Report returned'), ('key-expires', 'Access key expiring soon'), ('peer-stopped', 'Peer stopped'), ('restore-accepted', 'Older backup restored')], max_length=24, verbose_name='kind'),
        ),
    ]
