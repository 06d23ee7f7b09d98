"""What the clock starts for the catalogue."""

from celery import shared_task
from django.utils import timezone

from catalog.operations import competition_news, price_news


@shared_task(name="catalog.tell_of_passed_prices")
def tell_of_passed_prices() -> None:
    """Tell of proposed prices whose day came without a decision."""
    price_news.tell_of_passed(at=timezone.now())


@shared_task(name="catalog.tell_of_ended_competitions")
def tell_of_ended_competitions() -> None:
    """Tell of competitions whose time to bid is over, and that are to be decided."""
    competition_news.tell_of_ended(at=timezone.now())
