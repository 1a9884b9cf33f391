from django.urls import path

from servanda.people.access_keys import urls as access_key_urls
from servanda.people.accounts import urls as account_urls
from servanda.people.appointments import urls as appointment_urls
from servanda.people.instance import views as instance_views
from servanda.people.institutions import urls as institution_urls
from servanda.people.invitations import urls as invitation_urls
from servanda.people.log_in import urls as log_in_urls
from servanda.people.notifications import urls as notification_urls
from servanda.people.successions import urls as succession_urls
from servanda.people.trail_pages import urls as trail_urls

app_name = "people"
urlpatterns = [
    *institution_urls.patterns,
    *appointment_urls.patterns,
    *succession_urls.patterns,
    path("instance/", instance_views.instance, name="instance"),
    path("instance/edit/", instance_views.edit_instance, name="edit_instance"),
    path("roles/", instance_views.roles, name="roles"),
    *trail_urls.patterns,
    *access_key_urls.patterns,
    *account_urls.patterns,
    *invitation_urls.patterns,
    *notification_urls.patterns,
    *log_in_urls.patterns,
]
