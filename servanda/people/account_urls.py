from django.urls import path

from servanda.people import account

patterns = [
    path("me/", account.own_account, name="own_account"),
    path("me/edit/", account.edit_own_account, name="edit_own_account"),
    path("me/personal-data/", account.own_personal_data, name="own_personal_data"),
]
