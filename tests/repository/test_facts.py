"""What the database keeps: which tables take nothing but new rows, and which fields are frozen, against the models."""

import re

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from core.append_only import append_only_tables
from procurement.frozen import ATTEST_CHANGES, ATTEST_FROZEN, LINE_CHANGES, LINE_FROZEN
from procurement.models import BudgetAttest, RequisitionLine

FACTS = {
    "agreements_commitment",
    "agreements_formerperiod",
    "assortment_affecteditem",
    "assortment_castvote",
    "assortment_decideditem",
    "assortment_decidedstep",
    "assortment_proposaldecision",
    "assortment_proposalfile",
    "assortment_proposalquestion",
    "assortment_proposalreply",
    "attachments_attachment",
    "attachments_content",
    "audit_entry",
    "audit_seal",
    "catalog_competitionitem",
    "core_storedfile",
    "governance_assignmentreminder",
    "governance_recommendationstep",
    "history_purchasehistoryline",
    "organizations_formerdepartment",
    "organizations_formerperson",
    "procurement_answeredline",
    "procurement_complaint",
    "procurement_complaintsettlement",
    "procurement_consultation",
    "procurement_examinedcheck",
    "procurement_linedecision",
    "procurement_linemessage",
    "procurement_linemessagefile",
    "procurement_noticedline",
    "procurement_observationanswer",
    "procurement_observedline",
    "procurement_orderdocument",
    "procurement_rankrefusal",
    "procurement_receipt",
    "procurement_receiptline",
    "procurement_supplieranswer",
    "procurement_supplierexamination",
    "reporting_formername",
    "reporting_frozenlines",
    "reporting_reportact",
    "reporting_reportedition",
    "reporting_reporttemplate",
    "reporting_saving",
    "reporting_writtentext",
    "spend_accountmeaning",
    "spend_bookedcost",
    "spend_suppliermatch",
}
"""Tables of which no row is ever changed."""

PARTLY_FACTS = {
    "assortment_proposal",
    "assortment_vote",
    "catalog_renewedcompetition",
    "catalog_competitionbid",
    "catalog_bidprice",
    "core_storedpart",
    "governance_guideline",
    "governance_paragraph",
    "procurement_allocation",
    "procurement_awardbid",
    "procurement_awardrecord",
    "procurement_budgetattest",
    "procurement_orderline",
    "procurement_purchaseorder",
    "procurement_requisition",
    "procurement_requisitionline",
    "procurement_sendattempt",
    "procurement_supplierproposal",
    "reporting_baseline",
    "reporting_followupreport",
    "reporting_reportfile",
}
"""Tables of which some rows, or some fields, are never changed."""

pytestmark = pytest.mark.django_db


def columns_compared_by(trigger: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = %s", [trigger])
        ((definition,),) = cursor.fetchall()
    bare = re.sub(r'[()"]|::\w+', "", definition)
    pairs = re.findall(r"old\.(\w+) IS DISTINCT FROM new\.(\w+)", bare)
    assert all(old == new for old, new in pairs), definition
    return {old for old, _new in pairs}


def fields_of(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def columns_of(model: type[models.Model], names: frozenset[str]) -> set[str]:
    return {str(field.column) for field in model._meta.concrete_fields if field.name in names}


@pytest.mark.parametrize(
    ("model", "trigger", "frozen", "changes"),
    [
        (RequisitionLine, "procurement_line_frozen", LINE_FROZEN, LINE_CHANGES),
        (BudgetAttest, "procurement_attest_frozen", ATTEST_FROZEN, ATTEST_CHANGES),
    ],
)
def test_each_field_is_frozen_or_may_change(
    model: type[models.Model], trigger: str, frozen: frozenset[str], changes: frozenset[str]
) -> None:
    assert frozen | changes == fields_of(model)
    assert frozen & changes == set()
    assert columns_compared_by(trigger) == columns_of(model, frozen)


def test_tables_of_facts_take_new_rows_only() -> None:
    assert set(append_only_tables()) == FACTS


@pytest.mark.parametrize("table", sorted(FACTS | PARTLY_FACTS))
def test_tables_of_facts_are_not_emptied(table: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute(f"TRUNCATE {table} CASCADE")


def test_tables_of_facts_are_of_this_program() -> None:
    assert {model._meta.db_table for model in apps.get_models()} >= FACTS | PARTLY_FACTS
