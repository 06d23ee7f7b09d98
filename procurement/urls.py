"""Addresses of procurement, one list per module of views."""

from django.urls import URLPattern, URLResolver, path

from procurement.views import (
    accounts,
    again,
    attests,
    baskets,
    decided,
    decisions,
    orders,
    queue,
    receipts,
    requisitions,
    start,
)

app_name = "procurement"

ordering: list[URLPattern | URLResolver] = [
    path("", start.home, name="home"),
    path("start/", start.start, name="start"),
    path("korg/", baskets.basket, name="basket"),
    path("korg/lagg-till/", baskets.add, name="basket_add"),
    path("korg/rader/<int:pk>/", baskets.line, name="basket_line"),
    path("korg/uppgifter/", baskets.details, name="basket_details"),
    path("korg/konto/", accounts.basket_accounts, name="basket_accounts"),
    path("korg/enhet/", baskets.department, name="basket_department"),
    path("enhet/", baskets.choose, name="choose_department"),
    path("behov/", baskets.free_text, name="free_text"),
    path("tjanst/", baskets.service, name="service"),
    path("bestallningar/", requisitions.requisitions, name="requisitions"),
    path("bestallningar/<str:number>/", requisitions.requisition, name="requisition"),
    path("bestallningar/<str:number>/historik/", requisitions.history, name="requisition_history"),
    path("bestallningar/<str:number>/igen/", again.copy, name="requisition_copy"),
    path("rader/<int:pk>/svara/", requisitions.answer, name="line_answer"),
    path("rader/<int:pk>/dra-tillbaka/", requisitions.withdraw, name="line_withdraw"),
    path("rader/<int:pk>/andra/", requisitions.revise, name="line_revise"),
    path("ta-emot/", receipts.deliveries, name="receive"),
    path("ta-emot/kvittera/", receipts.receive_delivery, name="receive_delivery"),
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
    path("attester/", attests.attests, name="attests"),
    path("attester/<int:pk>/attestera/", attests.attest, name="attest"),
    path("attester/<int:pk>/neka/", attests.refuse, name="attest_refuse"),
    path("inkopsordrar/", orders.orders, name="orders"),
    path("inkopsordrar/bestall/", orders.order_now, name="order_now"),
    path("inkopsordrar/<str:number>/", orders.order, name="order"),
    path("inkopsordrar/<str:number>/makulera/", orders.cancel, name="order_cancel"),
    path("inkopsordrar/<str:number>/fil.<str:kind>", orders.order_file, name="order_file"),
]

urlpatterns = [*ordering, *deciding]
