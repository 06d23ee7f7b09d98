"""The page: its heading, and all that it gathers."""

from collections.abc import Iterable
from datetime import date
from itertools import chain

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from agreements.runway import outlooks
from categories.models import Category
from desk.today.agreements import agreement_tasks, agreements_of, term_of
from desk.today.assortment import assortment_questions
from desk.today.awards import award_question
from desk.today.baselines import baseline_question
from desk.today.chain import (
    attest_question,
    coming_question,
    head_tasks,
    late_queues_on,
    queue_question,
    tree_on,
)
from desk.today.competitions import competition_question
from desk.today.curve import curve_of
from desk.today.governance import governance_questions
from desk.today.leaks import leaks_of
from desk.today.orders import (
    changed_order_question,
    late_delivery_question,
    unanswered_order_question,
    unsent_order_question,
    wished_day_question,
)
from desk.today.prices import price_question
from desk.today.proposals import proposal_tasks, search_question
from desk.today.queue import queue_parts
from desk.today.responses import consultation_question, response_question
from desk.today.suppliers import supplier_question
from desk.today.tasks import answers
from organizations.models import User
from organizations.requests import PersonRequest
from procurement.order_times import next_order_time
from procurement.standing import standing_on
from procurement.wording import number_word_capitalised

RUNWAY_YEARS = 4
MOST_ON_RUNWAY = 7


@require_safe
def today(request: PersonRequest) -> HttpResponse:
    """Answer the one question of the page: what needs me today."""
    at = timezone.now()
    day = timezone.localdate(at)
    standing = standing_on(request.user, day)
    posts = [*standing.manages, *standing.deputises]
    is_head = standing.roles.is_head
    within = None if is_head else posts
    agreements = agreements_of(request.user, within, day)
    prospects = outlooks(agreements, day=day)
    late_queues = late_queues_on(day) if is_head else []
    tree = tree_on(day)
    (
        queue,
        attests,
        board,
        audits,
        unanswered_audits,
        *assortment,
        prices,
        searches,
        unsent,
        changed,
        wished,
        unanswered,
        late,
        awards,
        suppliers,
        competitions,
        baselines,
        waiting_orders,
        consultations,
        responses,
    ) = answers(
        [
            queue_question(request.user, at, is_head=is_head),
            attest_question(request.user, day),
            *governance_questions(request.user, day, is_head=is_head),
            *assortment_questions(request.user, within, day),
            price_question(request.user, day),
            search_question(request.user, day, is_head=is_head),
            unsent_order_question(within),
            changed_order_question(within),
            wished_day_question(within),
            unanswered_order_question(within, day),
            late_delivery_question(within, day),
            award_question(within, day),
            supplier_question(standing, day),
            competition_question(request.user, within, day),
            baseline_question(request.user, at),
            coming_question(request.user, at),
            consultation_question(request.user),
            response_question(within, day, tree),
        ]
    )
    tasks = [
        *queue,
        *attests,
        *consultations,
        *(task for task in agreement_tasks(prospects, day) if task.needs or not is_head),
        *chain.from_iterable(assortment),
        *prices,
        *proposal_tasks(request.user, day),
        *searches,
        *unsent,
        *changed,
        *wished,
        *unanswered,
        *late,
        *awards,
        *suppliers,
        *competitions,
        *baselines,
        *board,
        *audits,
        *unanswered_audits,
        *(head_tasks(request.user, late_queues, tree) if is_head else []),
    ]
    own_categories = [category for category in tree if category.pk in posts]
    has_posts = is_head or bool(posts)
    context = {
        "tasks": sorted(tasks, key=lambda task: not task.needs),
        "heading": _heading(len(tasks), request.user),
        "day": day,
        "categories": _topmost(category for category in own_categories if category.pk in standing.manages),
        "terms": [term_of(outlook, day) for outlook in prospects[:MOST_ON_RUNWAY]],
        "runway_start": date(day.year, 1, 1),
        "runway_end": date(day.year + RUNWAY_YEARS, 1, 1),
        "agreement_count": len(agreements),
        "agreements_url": reverse("desk:agreements") + ("" if is_head else "?visa=mina"),
        "ceilings": sorted(prospects, key=lambda outlook: -outlook.agreement.used_percent)[:MOST_ON_RUNWAY],
        "late_queues": late_queues,
        "answers": has_posts,
        "curve": curve_of(None if is_head else _topmost(own_categories), day, tree) if has_posts else None,
        "leaks": leaks_of(request.user, within, day, tree) if has_posts else None,
        "queue_parts": queue_parts(request.user, day),
        "waiting_orders": waiting_orders,
        "responses": responses if has_posts else [],
        "next_order_time": next_order_time(at),
    }
    return render(request, "desk/today.html", context)


def _topmost(categories: Iterable[Category]) -> list[Category]:
    """Categories that lie under none of the others."""
    category_list = list(categories)
    ids = {category.pk for category in category_list}
    return [category for category in category_list if not ids & set(category.lineage[:-1])]


def _heading(count: int, user: User) -> str:
    if not count:
        return _("Inget behöver dig i dag, %(name)s") % {"name": user.first_name}
    text = ngettext(
        "%(count)s sak behöver dig i dag, %(name)s", "%(count)s saker behöver dig i dag, %(name)s", count
    )
    return text % {"count": number_word_capitalised(count), "name": user.first_name}
