"""What the clock starts for the catalogue."""

from celery import shared_task
from django.utils import timezone

from catalog.operations import price_news


@shared_task(name="catalog.tell_of_passed_prices")
def tell_of_passed_prices() -> None:
    """Tell of proposed prices whose day came without a decision."""
    price_news.tell_of_passed(at=timezone.now())
