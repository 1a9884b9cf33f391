from django.urls import path

from servanda.people import persons, single_sign_on_pages

patterns = [
    path("", persons.people, name="people"),
    path("<int:pk>/", persons.person, name="person"),
    path("<int:pk>/role/", persons.change_role, name="change_role"),
    path("<int:pk>/close/", persons.close_account, name="close_account"),
    path("<int:pk>/let-back-in/", persons.let_back_in, name="let_back_in"),
    path("<int:pk>/single-sign-on/undo/", single_sign_on_pages.unlink_single_sign_on, name="unlink_single_sign_on"),
    path("<int:pk>/personal-data/", persons.personal_data, name="personal_data"),
    path("<int:pk>/erase/", persons.erase_person, name="erase_person"),
]
