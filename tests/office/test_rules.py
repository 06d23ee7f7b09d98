"""`manage.py check_rules` asks every rule of a database where people work."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from catalog.models import ItemCeiling
from config import health
from office.operations import nightly_rules
from office.rules import Rule, rules
from tests import worlds
from tests.cast import NOW, Cast


def test_each_rule_has_a_number_of_its_own_and_a_sentence() -> None:
    numbers = [rule.number for rule in rules()]
    assert len(set(numbers)) == len(numbers) >= 62
    assert {number[0] for number in numbers} == set("123456789")
    assert all(rule.sentence and rule.statement for rule in rules())


def test_command_says_what_does_not_hold(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 1))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agreements_agreement SET committed_amount = committed_amount + 1")
    text, json_output = StringIO(), StringIO()
    with pytest.raises(SystemExit):
        call_command("check_rules", stdout=text)
    assert "3b does not hold: committed = before + approved live lines" in text.getvalue()
    with pytest.raises(SystemExit):
        call_command("check_rules", output="json", stdout=json_output)
    answer = json.loads(json_output.getvalue())
    assert (answer["hold"], answer["rules"]) == (False, len(rules()))
    assert "3b" in {each["rule"] for each in answer["broken"]}


def test_rules_are_asked_once_each_night_and_what_is_broken_is_told(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agreements_agreement SET committed_amount = committed_amount + 1")
    night = NOW.replace(hour=3, minute=10)
    assert nightly_rules.check_rules(at=night - timedelta(hours=1)) is None
    run = nightly_rules.check_rules(at=night)
    assert run
    assert "3b" in run.faults
    assert health.rules() == "broken"
    assert nightly_rules.check_rules(at=NOW) is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agreements_agreement SET committed_amount = committed_amount - 1")
    again = nightly_rules.check_rules(at=night + timedelta(days=1))
    assert again
    assert "3b" not in again.faults


def test_rule_that_cannot_be_asked_hides_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Rule("1a", "nothing takes a minute", "SELECT 1 FROM no_table")
    broken = Rule("1b", "nothing is one", "SELECT 1 AS one")
    for module in ("office.management.commands.check_rules", "office.rules"):
        monkeypatch.setattr(f"{module}.rules", lambda: [slow, broken])
    run = nightly_rules.check_rules(at=NOW)
    assert run
    assert "no_table" in run.faults["1a"]
    assert run.faults["1b"] == "nothing is one"
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_rules", stdout=out)
    assert "1a could not be asked" in out.getvalue()


def test_opening_of_a_ceiling_is_kept_by_the_database(cast: Cast) -> None:
    ceiling = ItemCeiling.objects.create(
        agreement=cast.agreement, item=cast.chair, ceiling_quantity=100, committed_quantity=40
    )
    ceiling.refresh_from_db()
    assert ceiling.opening_quantity == 40
    ItemCeiling.objects.filter(pk=ceiling.pk).update(committed_quantity=50, opening_quantity=50)
    ceiling.refresh_from_db()
    assert (ceiling.committed_quantity, ceiling.opening_quantity) == (50, 40)
