from django.urls import path

from servanda.people.accounts import own_account, views

patterns = [
    path("", views.people, name="people"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/role/", views.change_role, name="change_role"),
    path("<int:pk>/close/", views.close_account, name="close_account"),
    path("<int:pk>/let-back-in/", views.let_back_in, name="let_back_in"),
    path("<int:pk>/personal-data/", views.personal_data, name="personal_data"),
    path("<int:pk>/erase/", views.erase_person, name="erase_person"),
    path("me/", own_account.own_account, name="own_account"),
    path("me/edit/", own_account.edit_own_account, name="edit_own_account"),
    path("me/personal-data/", own_account.own_personal_data, name="own_personal_data"),
]
