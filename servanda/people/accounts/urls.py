from django.urls import path

from servanda.people.accounts import views as account_views
from servanda.people.log_in import views as log_in_views

patterns = [
    path("", account_views.people, name="people"),
    path("<int:pk>/", account_views.person, name="person"),
    path("<int:pk>/role/", account_views.change_role, name="change_role"),
    path("<int:pk>/close/", account_views.close_account, name="close_account"),
    path("<int:pk>/let-back-in/", account_views.let_back_in, name="let_back_in"),
    path("<int:pk>/single-sign-on/undo/", log_in_views.unlink_single_sign_on, name="unlink_single_sign_on"),
    path("<int:pk>/personal-data/", account_views.personal_data, name="personal_data"),
    path("<int:pk>/erase/", account_views.erase_person, name="erase_person"),
]
