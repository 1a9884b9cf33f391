"""Addresses of communications."""

from django.urls import path

from servanda.desk.proceedings import answers, editing, files, persons, replies, views

urlpatterns = [
    path("communications/", views.proceedings, name="proceedings"),
    path("new-communication/", editing.add_proceeding, name="add_proceeding"),
    path("clearance-steps/", replies.set_clearance_steps, name="set_clearance_steps"),
    path("communications/<uuid:key>/", views.proceeding, name="proceeding"),
    path("communications/<uuid:key>/edit/", editing.edit_proceeding, name="edit_proceeding"),
    path("communications/<uuid:key>/withdraw/", editing.withdraw_proceeding, name="withdraw_proceeding"),
    path("communications/<uuid:key>/restore/", editing.restore_proceeding, name="restore_proceeding"),
    path("communications/<uuid:key>/step/<slug:step>/", editing.take_step, name="take_step"),
    path("communications/<uuid:key>/return/", editing.return_step, name="return_step"),
    path("communications/<uuid:key>/institutions/", editing.set_named_institutions, name="set_named_institutions"),
    path("communications/<uuid:key>/questions/", editing.set_questions, name="set_questions"),
    path("communications/<uuid:key>/answer/<slug:code>/", answers.save_draft, name="save_draft"),
    path("answers-to-communications/<int:pk>/submit/", answers.submit_draft, name="submit_draft"),
    path("answers-to-communications/<int:pk>/validate/", answers.validate_draft, name="validate_draft"),
    path("answers-to-communications/<int:pk>/return/", answers.return_draft, name="return_draft"),
    path("communications/<uuid:key>/reply/", replies.write_reply, name="write_reply"),
    path("communications/<uuid:key>/clearance/", replies.start_clearance, name="start_clearance"),
    path("communications/<uuid:key>/clear/", replies.clear_reply, name="clear_reply"),
    path("communications/<uuid:key>/return-reply/", replies.return_reply, name="return_reply"),
    path("communications/<uuid:key>/dispatch/", replies.record_dispatch, name="record_dispatch"),
    path("communications/<uuid:key>/publication/", replies.record_publication, name="record_publication"),
    path("communications/<uuid:key>/outcome/", replies.record_outcome, name="record_outcome"),
    path("communications/<uuid:key>/publish/", replies.publish_letter, name="publish_letter"),
    path("communications/<uuid:key>/unpublish/", replies.unpublish_letter, name="unpublish_letter"),
    path("communications/<uuid:key>/republish/", replies.republish_letter, name="republish_letter"),
    path("communications/<uuid:key>/persons/", persons.persons_concerned, name="persons_concerned"),
    path("communications/<uuid:key>/new-person/", persons.add_person_concerned, name="add_person_concerned"),
    path("persons-concerned/<int:pk>/edit/", persons.edit_person_concerned, name="edit_person_concerned"),
    path("persons-concerned/<int:pk>/erase/", persons.erase_person_concerned, name="erase_person_concerned"),
    path("communications/<uuid:key>/new-file/", files.add_proceeding_file, name="add_proceeding_file"),
    path("communication-files/<uuid:key>/", files.proceeding_file, name="proceeding_file"),
    path("communication-files/<uuid:key>/withdraw/", files.withdraw_proceeding_file, name="withdraw_proceeding_file"),
]
