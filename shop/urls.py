"""Addresses of the shop."""

from django.urls import URLPattern, URLResolver, include, path

from shop.views import (
    accounts,
    again,
    baskets,
    catalogue,
    conversations,
    deliveries,
    favourites,
    items,
    lists,
    moving,
    needs,
    own_orders,
    proposals,
    recalls,
    receipts,
    reception,
    requisitions,
    returns,
    scanning,
    start,
    templates,
)

app_name = "shop"

assortment: list[URLPattern | URLResolver] = [
    path("", catalogue.catalogue, name="catalogue"),
    path("forslag/", catalogue.suggest, name="suggest"),
    path("skanna/", scanning.scan, name="scan"),
    path("<str:number>/", items.item, name="item"),
    path("<str:number>/rad/", catalogue.item_row, name="item_row"),
    path("<str:number>/favorit/", favourites.add, name="favourite_add"),
    path("<str:number>/favorit/ta-bort/", favourites.remove, name="favourite_remove"),
    path("<str:number>/enhetens-lista/", lists.share, name="shared_add"),
    path("<str:number>/enhetens-lista/ta-bort/", lists.unshare, name="shared_remove"),
    path("<str:number>/enhetens-lista/flytta/", lists.move, name="shared_move"),
]

ordering: list[URLPattern | URLResolver] = [
    path("start/", start.start, name="start"),
    path("korg/", baskets.basket, name="basket"),
    path("korg/lagg-till/", baskets.add, name="basket_add"),
    path("korg/lagg-till-flera/", lists.add_many, name="basket_add_many"),
    path("favoriter/", lists.favourites, name="favourites"),
    path("mallar/", templates.template_list, name="templates"),
    path("mallar/ny/", templates.make, name="template_make"),
    path("mallar/<int:pk>/", templates.template, name="template"),
    path("mallar/<int:pk>/andra/", templates.change, name="template_change"),
    path("mallar/<int:pk>/ta-bort/", templates.remove, name="template_remove"),
    path("mallar/<int:pk>/skot/", templates.keep, name="template_keep"),
    path("korg/flytta/<int:pk>/", moving.move, name="basket_move"),
    path("korg/rader/<int:pk>/", baskets.line, name="basket_line"),
    path("korg/uppgifter/", baskets.details, name="basket_details"),
    path("korg/konto/", accounts.basket_accounts, name="basket_accounts"),
    path("korg/leveranser/", deliveries.basket_deliveries, name="basket_deliveries"),
    path("korg/enhet/", baskets.department, name="basket_department"),
    path("enhet/", baskets.choose, name="choose_department"),
    path("behov/", needs.free_text, name="free_text"),
    path("behov/grans/", needs.limit, name="need_limit"),
    path("tjanst/", needs.service, name="service"),
    path("bestallningar/", own_orders.requisitions, name="requisitions"),
    path("bestallningar/mina.csv", own_orders.requisitions_csv, name="requisitions_csv"),
    path("bestallningar/mina.xlsx", own_orders.requisitions_xlsx, name="requisitions_xlsx"),
    path("bestallningar/<str:number>/", requisitions.requisition, name="requisition"),
    path("bestallningar/<str:number>/historik/", requisitions.history, name="requisition_history"),
    path("bestallningar/<str:number>/igen/", again.copy, name="requisition_copy"),
    path("samtal/", conversations.consultations, name="consultations"),
    path("rader/<int:pk>/samtal/", conversations.conversation, name="conversation"),
    path("rader/<int:pk>/svara/", requisitions.answer, name="line_answer"),
    path("rader/<int:pk>/dra-tillbaka/", requisitions.withdraw, name="line_withdraw"),
    path("rader/<int:pk>/pris/", requisitions.answer_about_price, name="line_price"),
    path("rader/<int:pk>/andra/", requisitions.revise, name="line_revise"),
    path("aterkallelser/<int:pk>/", recalls.recall, name="recall"),
    path("aterkallelser/<int:pk>/svara/", recalls.acknowledge_recall, name="recall_acknowledge"),
    path("ta-emot/", receipts.deliveries, name="receive"),
    path("ta-emot/kvittera/", receipts.receive_delivery, name="receive_delivery"),
    path("ta-emot/skanna/", reception.scan, name="receive_scan"),
    path("ta-emot/mottagningar/<int:pk>/", returns.receipt, name="receipt"),
    path("ta-emot/mottagningar/<int:pk>/ta-tillbaka/", returns.take_back, name="receipt_take_back"),
    path("ta-emot/mottagningar/<int:pk>/skicka-tillbaka/", returns.send_back, name="receipt_send_back"),
    path("ta-emot/reklamationer/<int:pk>/", returns.settle, name="complaint_settle"),
    path("godsmottagning/", reception.reception, name="reception"),
]

proposing: list[URLPattern | URLResolver] = [
    path("forslag/", proposals.own_proposals, name="proposals"),
    path("forslag/nytt/", proposals.propose, name="propose"),
    path("forslag/<int:pk>/", proposals.proposal, name="proposal"),
    path("forslag/<int:pk>/svara/", proposals.reply, name="proposal_reply"),
    path("forslag/<int:pk>/dra-tillbaka/", proposals.withdraw, name="proposal_withdraw"),
]

urlpatterns = [*ordering, *proposing, path("katalog/", include(assortment))]
