"""One category, and who answers for all of them."""

from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.models import Agreement
from agreements.runway import outlooks
from catalog.models import Item
from categories.models import Category, CategoryPolicy
from categories.permissions import can_see_responsibility
from categories.responsibility import posts_on, responsibility_for
from core.counting import at_least, counts_of
from organizations.requests import PersonRequest
from procurement.refusals import refuse
from procurement.response import response_of

MOST_COUNTED = 1000


@require_safe
def category(request: PersonRequest, code: str) -> HttpResponse:
    """Show who answers for a category, by which policy, and what it is bought under."""
    at = timezone.now()
    day = timezone.localdate(at)
    verdict = can_see_responsibility(request.user, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=reverse("desk:absence"))
    instance = get_object_or_404(Category.objects.select_related("parent", "account"), code=code)
    lineage = Category.objects.filter(pk__in=instance.lineage).in_tree_order()
    policies = CategoryPolicy.objects.filter(
        category__in=instance.lineage, valid_during__contains=day
    ).select_related("set_by")
    by_category = {policy.category_id: policy for policy in policies}
    agreements = list(
        Agreement.objects.orderable_on(day)
        .filter(category__lineage__contains=[instance.pk])
        .select_related("supplier", "category")
        .with_outlook(day)
        .in_order()
    )
    children = list(Category.objects.open().filter(parent=instance).in_tree_order())
    inside = {each.pk: Item.objects.visible().filter(category=each) for each in children}
    whole = Item.objects.visible().filter(category__in=Category.objects.under(instance))
    counts = counts_of({0: whole, **inside}, most=MOST_COUNTED)
    context = {
        "category": instance,
        "above": [each for each in lineage if each.pk != instance.pk],
        "children": [
            (each, counts[each.pk], at_least(counts[each.pk], most=MOST_COUNTED)) for each in children
        ],
        "responsibility": responsibility_for(instance, posts_on(day, instance.lineage)),
        "history": instance.assignments.select_related("manager", "deputy").order_by("-valid_during", "pk"),
        "policy": next((by_category[pk] for pk in reversed(instance.lineage) if pk in by_category), None),
        "response": response_of([instance.pk], day),
        "agreements": agreements,
        "outlooks": sorted(outlooks(agreements, day=day), key=lambda view: -view.agreement.used_percent),
        "item_count": at_least(counts[0], most=MOST_COUNTED),
        "day": day,
    }
    return render(request, "desk/category.html", context)


@require_safe
def assignments(request: PersonRequest) -> HttpResponse:
    """Show the whole tree with manager and deputy, who is away, and what nobody answers for."""
    at = timezone.now()
    day = timezone.localdate(at)
    verdict = can_see_responsibility(request.user, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=reverse("desk:absence"))
    posts = posts_on(day)
    below = models.Count("children", filter=models.Q(children__merged_into=None))
    tree = list(Category.objects.open().annotate(child_count=below).in_tree_order())
    counts = counts_of(
        {each.pk: Item.objects.visible().filter(category=each) for each in tree}, most=MOST_COUNTED
    )
    rows = [responsibility_for(each, posts) for each in tree]
    orphans = [row for row in rows if row.is_orphan and not getattr(row.category, "child_count", 0)]
    row_by_manager = {
        row.post.manager: row for row in rows if row.post is not None and row.away_through is not None
    }
    context = {
        "rows": [
            (row, at_least(counts[row.category.pk], most=MOST_COUNTED) if counts[row.category.pk] else "")
            for row in rows
        ],
        "orphans": orphans,
        "away": list(row_by_manager.values()),
        "without_deputy": sum(1 for post in posts.values() if post.deputy_id is None),
        "manager_count": len({post.manager_id for post in posts.values()}),
        "day": day,
    }
    return render(request, "desk/assignments.html", context)
