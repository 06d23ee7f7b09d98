"""Addresses of the desk."""

from django.urls import URLPattern, URLResolver, path

from desk.today import today
from desk.views import (
    absences,
    agreement_acts,
    agreement_calendars,
    agreements,
    attests,
    candidates,
    categories,
    decided,
    decisions,
    delegated,
    delegations,
    direct_awards,
    items,
    orders,
    price_proposals,
    price_raises,
    proposals,
    queue,
    rebooking,
    seals,
    searches,
    spending,
    trail,
)

app_name = "desk"

being_away: list[URLPattern | URLResolver] = [
    path("franvaro/", absences.absence, name="absence"),
    path("franvaro/anmal/", absences.report, name="absence_report"),
    path("franvaro/person/<int:pk>/", absences.absence_of, name="absence_of"),
    path("franvaro/<int:pk>/andra/", absences.change, name="absence_change"),
    path("franvaro/<int:pk>/ta-tillbaka/", absences.withdraw, name="absence_withdraw"),
    path("franvaro/delegera/", delegations.give, name="delegate"),
    path("delegationer/<int:pk>/godta/", delegations.accept, name="delegation_accept"),
    path("delegationer/<int:pk>/avboj/", delegations.decline, name="delegation_decline"),
    path("delegationer/<int:pk>/ta-tillbaka/", delegations.revoke, name="delegation_revoke"),
]

deciding: list[URLPattern | URLResolver] = [
    path("ko/", queue.queue, name="queue"),
    path("ko/beslut/", decisions.act, name="queue_act"),
    path("ko/fraga/", decisions.ask, name="queue_ask"),
    path("ko/avsla/", decisions.reject, name="queue_reject"),
    path("ko/angra/", decisions.undo, name="queue_undo"),
    path("ko/beslutade/", decided.decided, name="decided"),
    path("rader/<int:pk>/", queue.line, name="line"),
    path("rader/<int:pk>/besluta/", decisions.decide, name="decide"),
    path("rader/<int:pk>/kategori/", decisions.reassign, name="reassign"),
    path("rader/<int:pk>/konto/", rebooking.rebook, name="rebook"),
    path("attester/", attests.attests, name="attests"),
    path("attester/<int:pk>/attestera/", attests.attest, name="attest"),
    path("attester/<int:pk>/neka/", attests.refuse, name="attest_refuse"),
    path("direktupphandlingar/", direct_awards.direct_awards, name="direct_awards"),
    path("direktupphandlingar/<int:pk>/", direct_awards.award_record, name="award_record"),
    path("direktupphandlingar/<int:pk>/fil.<str:kind>", direct_awards.award_file, name="award_file"),
    path(
        "direktupphandlingar/i/<int:authority>/<str:code>/",
        direct_awards.category,
        name="direct_award_category",
    ),
    path("inkopsordrar/", orders.orders, name="orders"),
    path("inkopsordrar/bestall/", orders.order_now, name="order_now"),
    path("inkopsordrar/<str:number>/", orders.order, name="order"),
    path("inkopsordrar/<str:number>/makulera/", orders.cancel, name="order_cancel"),
    path("inkopsordrar/<str:number>/skicka-igen/", orders.retry, name="order_retry"),
    path("inkopsordrar/<str:number>/framme/", orders.confirm_received, name="order_confirm_received"),
    path("inkopsordrar/<str:number>/fil.<str:kind>", orders.order_file, name="order_file"),
]

spent: list[URLPattern | URLResolver] = [
    path("enheter/", spending.departments, name="spending_departments"),
    path("enheter/<str:cost_center>/", spending.department, name="spending"),
    path("enheter/<str:cost_center>/rader/", spending.lines, name="spending_lines"),
    path("enheter/<str:cost_center>/rader.csv", spending.lines_csv, name="spending_csv"),
    path("enheter/<str:cost_center>/rader.xlsx", spending.lines_xlsx, name="spending_xlsx"),
]

assortment: list[URLPattern | URLResolver] = [
    path("sortiment/forslag/", proposals.proposals, name="proposals"),
    path("sortiment/forslag/<int:pk>/", proposals.proposal, name="proposal"),
    path("sortiment/forslag/<int:pk>/fraga/", proposals.ask, name="proposal_ask"),
    path("sortiment/forslag/<int:pk>/rad/", proposals.put_to_council, name="proposal_council"),
    path("sortiment/forslag/<int:pk>/rosta/", proposals.vote, name="proposal_vote"),
    path("sortiment/forslag/<int:pk>/besluta/", proposals.decide, name="proposal_decide"),
    path("sortiment/forslag/<int:pk>/kategori/", proposals.move, name="proposal_move"),
    path("sortiment/forslag/<int:pk>/artikel/", proposals.take_in, name="proposal_take_in"),
    path("sortiment/sokningar/", searches.searches, name="searches"),
    path("sortiment/sokningar/<int:pk>/", searches.answer, name="search"),
    path("sortiment/sokningar/<int:pk>/kategori/", searches.take, name="search_take"),
    path("sortiment/sokningar/<int:pk>/foresla/", searches.propose, name="search_propose"),
    path("sortiment/sokningar/<int:pk>/lamna/", searches.dismiss, name="search_dismiss"),
    path("sortiment/kandidater/", candidates.candidates, name="candidates"),
    path("sortiment/kandidater/<int:pk>/", candidates.candidate, name="candidate"),
    path("sortiment/kandidater/<int:pk>/foresla/", candidates.propose, name="candidate_propose"),
]

registers: list[URLPattern | URLResolver] = [
    path("kategorier/<str:code>/", categories.category, name="category"),
    path("ansvar/", categories.assignments, name="assignments"),
    path("livscykel/<str:number>/", items.item, name="item"),
    path("livscykel/<str:number>/<slug:name>/", items.act, name="item_act"),
    path("livscykel/<str:number>/ordrar/<str:order>/", items.call, name="item_call"),
    path("ersattningar/<int:pk>/godkann/", items.approve_replacement, name="substitution_approve"),
    path("avtal/", agreements.agreements, name="agreements"),
    path("avtal/kalender/", agreement_calendars.calendar, name="agreement_calendar"),
    path("avtal/kalender/skapa/", agreement_calendars.make, name="agreement_calendar_make"),
    path("avtal/kalender/ta-tillbaka/", agreement_calendars.take_back, name="agreement_calendar_take_back"),
    path("avtal/<int:pk>/", agreements.agreement, name="agreement"),
    path("avtal/<int:pk>/kalender.ics", agreement_calendars.of_agreement, name="agreement_days"),
    path("avtal/<int:pk>/aktivera/", agreement_acts.activate, name="agreement_activate"),
    path("avtal/<int:pk>/upphandling/", agreement_acts.start_procurement, name="agreement_procurement"),
    path("avtal/<int:pk>/dokument/", agreement_acts.add_documents, name="agreement_documents"),
    path("avtal/<int:pk>/saga-upp/", agreement_acts.give_notice, name="agreement_notice"),
    path("avtal/<int:pk>/avsluta/", agreement_acts.end, name="agreement_end"),
    path(
        "avtal/<int:pk>/optioner/<int:number>/utnyttja/",
        agreement_acts.use_option,
        name="agreement_option_use",
    ),
    path(
        "avtal/<int:pk>/optioner/<int:number>/avsta/",
        agreement_acts.let_option_go,
        name="agreement_option_let_go",
    ),
    path("avtal/<int:pk>/prisforslag/", price_raises.propose, name="price_raise"),
    path("prisforslag/", price_proposals.price_proposals, name="price_proposals"),
    path("prisforslag/besluta/", price_proposals.decide_several, name="price_proposals_decide"),
    path("prisforslag/<int:pk>/", price_proposals.price_proposal, name="price_proposal"),
    path("prisforslag/<int:pk>/besluta/", price_proposals.decide, name="price_proposal_decide"),
    path("prisforslag/<int:pk>/ta-tillbaka/", price_proposals.withdraw, name="price_proposal_withdraw"),
    path("delegationsbeslut/", delegated.delegated, name="delegated"),
    path("delegationsbeslut/excel/", delegated.delegated_xlsx, name="delegated_xlsx"),
    path("sparlogg/", trail.read_trail, name="trail"),
    path("sparlogg/csv/", trail.trail_csv, name="trail_csv"),
    path("sparlogg/forseglingar/", seals.read_seals, name="seals"),
    path("sparlogg/forseglingar/poster/", seals.sealed_entries, name="sealed_entries"),
    path("sparlogg/forseglingar/lista/", seals.list_of_seals, name="list_of_seals"),
]

urlpatterns = [path("i-dag/", today, name="today"), *deciding, *spent, *assortment, *registers, *being_away]
