"""What is bought, from whom and on what terms: categories, suppliers, agreements, thresholds and prices."""

from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from agreements.completeness import HOLES
from agreements.models import Agreement, AgreementSupplier, ConductLevel, Supplier, Threshold, ThresholdKind
from agreements.states import AgreementStatus
from catalog.models import Item, Price
from categories.models import Category, CategoryAssignment
from office.checks.check import SOON_DAYS, Check


def _leaves_without_manager(day: date) -> QuerySet[Any]:
    return Category.objects.leaves().exclude(_has_manager(day))


def _leaves_soon_without_manager(day: date) -> QuerySet[Any]:
    """Those for which somebody answers, and soon nobody: a post ends and none follows it."""
    soon = day + timedelta(days=SOON_DAYS)
    return Category.objects.leaves().filter(_has_manager(day)).exclude(_has_manager(soon))


def _has_manager(day: date) -> Q:
    category_ids = CategoryAssignment.objects.on(day).filter(manager__is_active=True).values("category")
    return Q(lineage__overlap=ArraySubquery(category_ids))


def _leaves_without_account(day: date) -> QuerySet[Any]:
    closes = Q(account__closed_date__lte=day + timedelta(days=SOON_DAYS))
    return Category.objects.leaves().filter(Q(account=None) | closes)


def _items_without_price(day: date) -> QuerySet[Any]:
    priced = Price.objects.on(day).filter(item=OuterRef("pk"), supplier__blocked_reason="")
    return Item.objects.orderable_by_somebody_on(day).filter(~Exists(priced))


def _drafts_that_should_run(day: date) -> QuerySet[Any]:
    return Agreement.objects.filter(valid_during__contains=day, status=AgreementStatus.DRAFT)


def _agreements_without_ceiling(day: date) -> QuerySet[Any]:
    return Agreement.objects.orderable_on(day).filter(ceiling_amount__lte=F("committed_amount"))


def _agreements_that_lack(day: date) -> QuerySet[Any]:
    """Those in force that could not be activated as they are: a post has ended, or a category become one of risk."""
    return Agreement.objects.orderable_on(day).with_missing().filter(Q(missing__overlap=list(HOLES)))


def _suppliers_without_address(day: date) -> QuerySet[Any]:
    return Supplier.objects.filter(order_email="")


def _suppliers_whose_conduct_ends(day: date) -> QuerySet[Any]:
    """Those on an agreement in force that demands the code of conduct, while what shows it has ended or soon does."""
    demanding = AgreementSupplier.objects.filter(
        agreement__in=Agreement.objects.orderable_on(day).values("pk"),
        agreement__code_of_conduct_level__in=[ConductLevel.BASE, ConductLevel.ADVANCED],
    )
    last = day + timedelta(days=SOON_DAYS)
    return Supplier.objects.filter(code_of_conduct_through_date__lt=last, pk__in=demanding.values("supplier"))


def _posts_of_leavers(day: date) -> QuerySet[Any]:
    return (
        CategoryAssignment.objects.on(day)
        .filter(manager__is_active=False)
        .select_related("category", "manager")
    )


def missing_thresholds(day: date) -> list[ThresholdKind]:
    """Those without a value that day, beside those that have ended: what is held against them passes, or is not asked about."""
    in_force = Threshold.objects.on(day).filter(category=None).values_list("kind", flat=True)
    ended = _thresholds_that_end(day).filter(category=None).values_list("kind", flat=True)
    kinds = {*in_force, *ended}
    return [kind for kind in ThresholdKind if kind not in kinds]


def _thresholds_that_end(day: date) -> QuerySet[Any]:
    """The last of each, when nothing follows it."""
    last = day + timedelta(days=SOON_DAYS)
    later = Threshold.objects.filter(
        kind=OuterRef("kind"), valid_during__fully_gt=OuterRef("valid_during")
    ).annotate(same=Coalesce("category", 0))
    return Threshold.objects.filter(
        ~Exists(later.filter(same=Coalesce(OuterRef("category"), 0))), valid_during__endswith__lte=last
    )


CHECKS = (
    Check(
        "category_without_manager",
        "posts",
        gettext_lazy("Ingen ansvarar för kategorin."),
        _leaves_without_manager,
        adds=lambda category: {"category": category.code},
    ),
    Check(
        "category_soon_without_manager",
        "posts",
        gettext_lazy("Ingen ansvarar för kategorin om 30 dagar."),
        _leaves_soon_without_manager,
        adds=lambda category: {"category": category.code},
    ),
    Check("post_of_leaver", "posts", gettext_lazy("Den ansvariga har slutat."), _posts_of_leavers),
    Check(
        "category_without_account",
        "categories",
        gettext_lazy("Kategorin har inget konto, eller ett som är stängt eller stängs inom 30 dagar."),
        _leaves_without_account,
    ),
    Check(
        "supplier_without_address",
        "suppliers",
        gettext_lazy("Leverantören har ingen adress för beställningar."),
        _suppliers_without_address,
    ),
    Check(
        "code_of_conduct_ends",
        "suppliers",
        gettext_lazy(
            "Ett avtal kräver uppförandekoden, och det som visar den har gått ut eller går ut inom 30 dagar."
        ),
        _suppliers_whose_conduct_ends,
    ),
    Check(
        "agreement_is_draft",
        "agreements",
        gettext_lazy("Avtalets tid har börjat, men det är ett utkast. Avtalets sida säger vad som saknas."),
        _drafts_that_should_run,
        is_on_its_page=True,
    ),
    Check(
        "agreement_lacks",
        "agreements",
        gettext_lazy("Avtalet gäller, men något som det måste ha saknas. Avtalets sida säger vad."),
        _agreements_that_lack,
        is_on_its_page=True,
    ),
    Check(
        "agreement_without_ceiling",
        "agreements",
        gettext_lazy("Avtalet har inget kvar under taket."),
        _agreements_without_ceiling,
        is_on_its_page=True,
    ),
    Check(
        "threshold_ends",
        "thresholds",
        gettext_lazy("Gränsen har slutat gälla eller gör det inom 30 dagar, och ingen ny är inlagd."),
        _thresholds_that_end,
    ),
    Check(
        "item_without_price",
        "prices",
        gettext_lazy("Artikeln går att beställa men har inget pris i dag."),
        _items_without_price,
        adds=lambda item: {"item": item.number},
    ),
)
