"""Addresses of pairing."""

from django.urls import path

from anlan.allocation.views import pairing, pairing_agreements

ROUND, AGREEMENT, DUTY = "rounds/<int:round_id>/", "<int:agreement_id>/", "duties/<int:duty_id>/"
SIDE = f"{AGREEMENT}<slug:side>/"

urlpatterns = [
    path("", pairing.pairings, name="pairings"),
    path("duties/", pairing.duties, name="pairing_duties"),
    path("visits/", pairing.visits, name="pairing_visits"),
    path("new/", pairing.new, name="pairing_new"),
    path("conflicts/<str:code>/", pairing.conflicts, name="pairing_conflicts"),
    path("conflicts/<int:conflict_id>/strike/", pairing.strike_conflict, name="pairing_conflict_strike"),
    path(ROUND, pairing.pairing_round, name="pairing_round"),
    path(f"{ROUND}<slug:layer>.geojson", pairing.pairing_round_data, name="pairing_round_data"),
    path(f"{ROUND}solve/", pairing.solve, name="pairing_solve"),
    path(f"{ROUND}wish/", pairing.wish, name="pairing_wish"),
    path(f"{ROUND}wish/<int:wish_id>/let-go/", pairing.let_go, name="pairing_let_go"),
    path(f"{ROUND}confirm/", pairing.confirm, name="pairing_confirm"),
    path(f"{ROUND}drop/", pairing.drop, name="pairing_drop"),
    path(AGREEMENT, pairing_agreements.pairing, name="pairing"),
    path(f"{AGREEMENT}break-off/", pairing_agreements.break_off, name="pairing_break_off"),
    path(f"{AGREEMENT}end/", pairing_agreements.end, name="pairing_end"),
    path(f"{AGREEMENT}check/", pairing_agreements.check, name="pairing_check"),
    path(f"{AGREEMENT}go-on/", pairing_agreements.go_on, name="pairing_go_on"),
    path(f"{AGREEMENT}renew/", pairing_agreements.renew, name="pairing_renew"),
    path(f"{AGREEMENT}duties/", pairing_agreements.put_duty, name="pairing_duty"),
    path(f"{AGREEMENT}units.geojson", pairing_agreements.places_of, name="pairing_units"),
    path(f"{AGREEMENT}visits/new/", pairing_agreements.record_visit, name="pairing_visit"),
    path(f"{AGREEMENT}values/", pairing_agreements.record_value, name="pairing_value"),
    path(f"{SIDE}confirm/", pairing_agreements.confirm, name="pairing_confirm_side"),
    path(f"{SIDE}decline/", pairing_agreements.decline, name="pairing_decline"),
    path(f"{DUTY}deliver/", pairing_agreements.deliver, name="pairing_deliver"),
    path(f"{DUTY}accept/", pairing_agreements.accept, name="pairing_accept"),
    path(f"{DUTY}send-back/", pairing_agreements.send_back, name="pairing_send_back"),
    path(f"{DUTY}strike/", pairing_agreements.strike, name="pairing_strike"),
]
