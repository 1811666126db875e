from django.urls import path

from anlan.accounts.views import own, people, settings

urlpatterns = [
    path("login/", own.log_in, name="login"),
    path("logout/", own.log_out, name="logout"),
    path("account/", own.my_account, name="my-account"),
    path("account/password/", own.change_password, name="change-password"),
    path("account/tokens/", own.make_token, name="token-make"),
    path("account/tokens/<int:token_id>/revoke/", own.revoke_token, name="token-revoke"),
    path("accounts/", people.people_list, name="people"),
    path("accounts/new/", people.create, name="person-create"),
    path("accounts/<int:person_id>/", people.person, name="person"),
    path("accounts/<int:person_id>/password/", people.reset_password, name="person-reset"),
    path("accounts/<int:person_id>/posts/", people.move_post, name="person-move"),
    path("accounts/<int:person_id>/posts/<int:posting_id>/end/", people.end_post, name="person-end-post"),
    path("accounts/<int:person_id>/disable/", people.disable, name="person-disable"),
    path("accounts/<int:person_id>/enable/", people.enable, name="person-enable"),
    path("accounts/<int:person_id>/unlock/", people.unlock, name="person-unlock"),
    path("accounts/<int:person_id>/phone/", people.show_phone, name="person-phone"),
    path("modules/", settings.modules, name="modules"),
    path("modules/<slug:key>/", settings.switch_module, name="module-switch"),
    path("audit/", settings.audit, name="audit"),
    path("audit/seal/", settings.audit_seal, name="audit-seal"),
]
