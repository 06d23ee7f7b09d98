"""
Sums that are kept by month and day of deliveries, savings, purchases, loyalty and leakage; see reporting/models/months.py.

What a month's lines sum to follows of agreements, prices and substitutions too, and of the packs and policies that ways between items
go by. What changes of those leaves a note of the months that it is about, as a line does; a month that nothing differs in
is not noted.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import core.fields

NOTES = """
CREATE FUNCTION reporting_note_spans(spans datemultirange) RETURNS void LANGUAGE sql AS $$
    INSERT INTO reporting_changedmonth (month)
    SELECT DISTINCT month::date FROM unnest(spans) AS span
    CROSS JOIN generate_series(
        date_trunc('month', coalesce(lower(span), date '2000-01-01')),
        least(upper(span) - 1, current_date)::timestamp, '1 month'
    ) AS month
$$;
CREATE FUNCTION reporting_differing_spans(one daterange, other daterange) RETURNS datemultirange LANGUAGE sql IMMUTABLE AS $$
    SELECT (datemultirange(one) - datemultirange(other)) + (datemultirange(other) - datemultirange(one))
$$;
CREATE FUNCTION reporting_note_valid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_note_spans((SELECT range_agg(valid_during) FROM changed));
    RETURN NULL;
END $$;
CREATE FUNCTION reporting_note_prices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_note_spans((
        SELECT range_agg(
            CASE WHEN (o.item_id, o.agreement_id, o.order_unit, o.minimum_quantity, o.unit_price, o.units_per_order_unit)
                      IS DISTINCT FROM
                      (n.item_id, n.agreement_id, n.order_unit, n.minimum_quantity, n.unit_price, n.units_per_order_unit)
                 THEN datemultirange(o.valid_during) + datemultirange(n.valid_during)
                 ELSE reporting_differing_spans(o.valid_during, n.valid_during) END
        ) FROM before o JOIN changed n USING (id)
    ));
    RETURN NULL;
END $$;
CREATE FUNCTION reporting_note_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.category_id = NEW.category_id
       AND (OLD.status IN ('active', 'terminated', 'ended')) = (NEW.status IN ('active', 'terminated', 'ended')) THEN
        PERFORM reporting_note_spans(reporting_differing_spans(OLD.valid_during, NEW.valid_during));
    ELSE
        PERFORM reporting_note_spans(datemultirange(OLD.valid_during) + datemultirange(NEW.valid_during));
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION reporting_note_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_note_spans(range_agg(valid_during)) FROM agreements_agreement
    WHERE id = (CASE TG_OP WHEN 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END);
    RETURN NULL;
END $$;
CREATE FUNCTION reporting_note_packs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    items bigint[] := ARRAY(
        SELECT id FROM before o JOIN changed n USING (id)
        WHERE (o.units_per_order_unit, o.category_id) IS DISTINCT FROM (n.units_per_order_unit, n.category_id)
    );
BEGIN
    IF cardinality(items) > 0 THEN
        PERFORM reporting_note_spans(range_agg(valid_during)) FROM catalog_substitution
        WHERE from_item_id = ANY(items) OR to_item_id = ANY(items);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION reporting_note_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM before o JOIN changed n USING (id) WHERE o.lineage IS DISTINCT FROM n.lineage) THEN
        PERFORM reporting_note_spans(range_agg(valid_during)) FROM catalog_substitution;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_months_of_new_price AFTER INSERT ON catalog_price
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_valid();
CREATE TRIGGER reporting_months_of_price AFTER UPDATE ON catalog_price
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_prices();
CREATE TRIGGER reporting_months_of_old_price AFTER DELETE ON catalog_price
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_valid();
CREATE TRIGGER reporting_months_of_new_way AFTER INSERT ON catalog_substitution
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_valid();
CREATE TRIGGER reporting_months_of_way AFTER UPDATE ON catalog_substitution
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_valid();
CREATE TRIGGER reporting_months_of_old_way AFTER UPDATE ON catalog_substitution
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_valid();
CREATE TRIGGER reporting_months_of_way_away AFTER DELETE ON catalog_substitution
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_valid();
CREATE TRIGGER reporting_months_of_new_policy AFTER INSERT ON categories_categorypolicy
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_valid();
CREATE TRIGGER reporting_months_of_policy AFTER UPDATE ON categories_categorypolicy
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_valid();
CREATE TRIGGER reporting_months_of_old_policy AFTER UPDATE ON categories_categorypolicy
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_valid();
CREATE TRIGGER reporting_months_of_policy_away AFTER DELETE ON categories_categorypolicy
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_valid();
CREATE TRIGGER reporting_months_of_pack AFTER UPDATE ON catalog_item
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_packs();
CREATE TRIGGER reporting_months_of_tree AFTER UPDATE ON categories_category
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_tree();
CREATE TRIGGER reporting_months_of_agreement AFTER UPDATE ON agreements_agreement
FOR EACH ROW WHEN (
    (OLD.status, OLD.category_id, OLD.valid_during) IS DISTINCT FROM (NEW.status, NEW.category_id, NEW.valid_during)
) EXECUTE FUNCTION reporting_note_agreement();
CREATE TRIGGER reporting_months_of_party AFTER INSERT OR UPDATE OR DELETE ON agreements_agreementsupplier
FOR EACH ROW EXECUTE FUNCTION reporting_note_party();
"""
NO_NOTES = """
DROP TRIGGER reporting_months_of_party ON agreements_agreementsupplier;
DROP TRIGGER reporting_months_of_agreement ON agreements_agreement;
DROP TRIGGER reporting_months_of_tree ON categories_category;
DROP TRIGGER reporting_months_of_pack ON catalog_item;
DROP TRIGGER reporting_months_of_policy_away ON categories_categorypolicy;
DROP TRIGGER reporting_months_of_old_policy ON categories_categorypolicy;
DROP TRIGGER reporting_months_of_policy ON categories_categorypolicy;
DROP TRIGGER reporting_months_of_new_policy ON categories_categorypolicy;
DROP TRIGGER reporting_months_of_way_away ON catalog_substitution;
DROP TRIGGER reporting_months_of_old_way ON catalog_substitution;
DROP TRIGGER reporting_months_of_way ON catalog_substitution;
DROP TRIGGER reporting_months_of_new_way ON catalog_substitution;
DROP TRIGGER reporting_months_of_old_price ON catalog_price;
DROP TRIGGER reporting_months_of_price ON catalog_price;
DROP TRIGGER reporting_months_of_new_price ON catalog_price;
DROP FUNCTION reporting_note_tree();
DROP FUNCTION reporting_note_packs();
DROP FUNCTION reporting_note_party();
DROP FUNCTION reporting_note_agreement();
DROP FUNCTION reporting_note_prices();
DROP FUNCTION reporting_note_valid();
DROP FUNCTION reporting_differing_spans(daterange, daterange);
DROP FUNCTION reporting_note_spans(datemultirange);
"""


def kept(name, fields, index=()):
    """A table of sums: what all have, and its own; ``index`` is what a month and a day are looked up by beside."""
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("month", models.DateField()),
            ("day", models.DateField(blank=True, null=True)),
            ("count", models.PositiveIntegerField()),
            ("first_date", models.DateField()),
            ("last_date", models.DateField()),
            *fields,
        ],
        options={
            "abstract": False,
            "indexes": [
                models.Index(fields=["month", *index], name=f"{name.lower()}_month", condition=models.Q(day=None)),
                models.Index(fields=["day", *index], name=f"{name.lower()}_day", condition=models.Q(day__isnull=False)),
            ],
        },
    )


def of(model):
    return models.ForeignKey(
        db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=model
    )


def amount():
    return core.fields.AmountField(decimal_places=2, max_digits=16)


def lineage():
    return django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)


def delivered():
    return [
        ("currency", models.CharField(max_length=3)),
        ("is_outside", models.BooleanField()),
        ("is_counted", models.BooleanField()),
        ("category", of("categories.category")),
        ("category_lineage", lineage()),
        ("amount", amount()),
        ("without_item", models.PositiveIntegerField()),
    ]


def saved():
    return [
        ("initiative", of("reporting.savinginitiative")),
        ("category", of("categories.category")),
        ("category_lineage", lineage()),
        ("component", models.CharField(choices=[("reduction", "Prissänkning"), ("avoidance", "Undviken höjning"), ("retained", "Kvarhållen effekt")], max_length=10)),
        ("nature", models.CharField(choices=[("recurring", "Återkommande"), ("one_off", "Engångs"), ("crisis", "Krispriser")], max_length=10)),
        ("is_increase", models.BooleanField()),
        ("amount", amount()),
    ]


def by_whom():
    return [
        ("administration", of("organizations.administration")),
        ("administration_name", models.CharField(max_length=120)),
        ("supplier", of("agreements.supplier")),
        ("supplier_name", models.CharField(max_length=160)),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0005_turns"),
        ("catalog", "0009_competitions"),
        ("categories", "0002_what_is_done_stays_done"),
        ("organizations", "0003_what_is_done_stays_done"),
        ("reporting", "0006_former_names"),
    ]
    operations = [
        kept("DeliveredCategoryMonth", delivered()),
        kept(
            "DeliveredMonth",
            [
                *delivered(),
                ("administration", of("organizations.administration")),
                ("department", of("organizations.department")),
                ("department_name", models.CharField(max_length=160)),
                ("supplier_name", models.CharField(max_length=160)),
            ],
        ),
        kept(
            "ReceivedMonth",
            [("supplier", of("agreements.supplier")), ("category_lineage", lineage()), ("amount", amount())],
        ),
        kept("SavedInitiativeMonth", saved()),
        kept("SavedMonth", [*saved(), *by_whom()]),
        kept(
            "SavedDepartmentMonth",
            [*saved(), *by_whom(), ("department", of("organizations.department")), ("department_name", models.CharField(max_length=120))],
            index=("administration",),
        ),
        kept(
            "BoughtMonth",
            [
                ("category", of("categories.category")),
                ("category_lineage", lineage()),
                ("item", of("catalog.item")),
                ("stands_for", of("catalog.item")),
                ("stands_for_factor", models.DecimalField(decimal_places=8, max_digits=20, null=True)),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=24)),
                ("amount", amount()),
            ],
        ),
        kept(
            "LoyalMonth",
            [
                ("administration", of("organizations.administration")),
                ("administration_name", models.CharField(max_length=120)),
                ("category_lineage", lineage()),
                ("amount", amount()),
                ("here", amount()),
                ("contracted", amount()),
                ("covered", amount()),
                ("agreed", amount()),
                ("in_assortment", amount()),
                ("priced", amount()),
                ("at_price", amount()),
                ("unpriced", models.PositiveIntegerField()),
            ],
        ),
        kept(
            "LeakedMonth",
            [
                ("administration", of("organizations.administration")),
                ("administration_name", models.CharField(max_length=120)),
                ("category", of("categories.category")),
                ("category_name", models.CharField(max_length=160)),
                ("category_lineage", lineage()),
                ("amount", amount()),
                ("compared_count", models.PositiveIntegerField()),
                ("compared_amount", amount()),
                ("dearer", amount()),
                ("cheaper", amount()),
            ],
        ),
        migrations.RunSQL(NOTES, NO_NOTES),
    ]
