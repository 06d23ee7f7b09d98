"""Days of the present, counted from the day of loading."""

from datetime import date, timedelta


def month_start(day: date, months: int = 0) -> date:
    """First day of the month so many months from the given day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def day_at(offset: str, today: date) -> date:
    """The day that an offset such as "-9m" or "170d" stands for."""
    number = int(offset[:-1])
    return month_start(today, number) if offset.endswith("m") else today + timedelta(days=number)
