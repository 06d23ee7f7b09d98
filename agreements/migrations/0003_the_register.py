"""What the register of agreements holds by itself: what is missing, what activates, and what follows of suppliers, options and administrations."""

from django.db import migrations

PLACES = """
CREATE FUNCTION agreement_broken_places(agreement bigint, call_off_method text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN call_off_method = 'ranking' AND max(place.rank) <> count(*) THEN 'agreement_ranks_follow'
        WHEN call_off_method = 'distribution_key' AND count(place.share_percent) > 0
            AND (count(place.share_percent) < count(*) OR sum(place.share_percent) <> 100) THEN 'agreement_shares_are_whole'
    END FROM agreements_agreementsupplier place WHERE place.agreement_id = agreement
$$;
"""

HOLES = """
CREATE FUNCTION agreement_holes(a agreements_agreement) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN a.ceiling_amount <= 0 THEN 'ceiling' END,
        CASE WHEN upper_inf(a.valid_during) AND NOT (a.until_further_notice AND a.notice_months > 0) THEN 'end' END,
        CASE WHEN a.owner_id IS NULL AND NOT EXISTS (
            SELECT FROM categories_categoryassignment post JOIN categories_category category
            ON post.category_id = ANY (category.lineage)
            WHERE category.id = a.category_id AND post.valid_during && a.valid_during
        ) THEN 'owner' END,
        CASE WHEN agreement_is_long(a.law, a.valid_during, a.option_months) AND a.long_term_reason = ''
            AND (a.until_further_notice OR NOT upper_inf(a.valid_during)) THEN 'long_term_reason' END,
        CASE WHEN a.code_of_conduct_level NOT IN ('base', 'advanced') AND EXISTS (
            SELECT FROM categories_category above JOIN categories_category category
            ON above.id = ANY (category.lineage) WHERE category.id = a.category_id AND above.is_risk
        ) THEN 'risk' END,
        CASE WHEN agreement_broken_places(a.id, a.call_off_method) IS NOT NULL THEN 'shares' END
    ], NULL)
$$;

CREATE FUNCTION agreement_missing(a agreements_agreement) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT agreement_holes(a) || array_remove(ARRAY[
        CASE WHEN a.diary_number = '' THEN 'diary_number' END,
        CASE WHEN a.estimated_amount <= 0 THEN 'estimated_amount' END,
        CASE WHEN a.notice_reference = '' AND a.procedure <> 'direct' THEN 'notice_reference' END,
        CASE WHEN a.delivery_terms = '' THEN 'delivery_terms' END,
        CASE WHEN a.code_of_conduct_level = '' THEN 'code_of_conduct_level' END,
        CASE WHEN a.call_off_method IN ('ranking', 'dynamic_ranking', 'distribution_key', 'mini_competition') AND (
            SELECT count(*) FROM agreements_agreementsupplier place WHERE place.agreement_id = a.id
        ) < 2 THEN 'suppliers' END,
        CASE WHEN a.price_clause = 'index' AND NOT EXISTS (
            SELECT FROM agreements_indexclause clause
            WHERE clause.agreement_id = a.id AND clause.valid_during && a.valid_during
        ) THEN 'index_clause' END,
        CASE WHEN NOT EXISTS (
            SELECT FROM agreements_agreementdocument document WHERE document.agreement_id = a.id
        ) THEN 'documents' END
    ], NULL)
$$;

CREATE FUNCTION agreement_missing_of(agreement bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT agreement_missing(a) FROM agreements_agreement a WHERE a.id = agreement
$$;

CREATE FUNCTION agreement_complete_percent(agreement bigint) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT 100 * (14 - cardinality(agreement_missing(a))) / 14 FROM agreements_agreement a WHERE a.id = agreement
$$;
"""

LONG = """
CREATE FUNCTION agreement_longest_months(law text, first_day date) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    -- LOU 7:2 since 2008 (then 5:3 of 2007:1091), LUF 7:2 and LUK since 2017, LUFS since November 2011; LOV says nothing.
    SELECT CASE
        WHEN law = 'lou' AND first_day >= DATE '2008-01-01' THEN 48
        WHEN law = 'luf' AND first_day >= DATE '2017-01-01' THEN 96
        WHEN law = 'lufs' AND first_day >= DATE '2011-11-01' THEN 84
        WHEN law = 'luk' AND first_day >= DATE '2017-01-01' THEN 60
    END
$$;
CREATE FUNCTION agreement_is_long(law text, during daterange, option_months integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    -- What is in force until further notice has no day within the longest time.
    SELECT longest IS NOT NULL AND (
        upper_inf(during)
        OR upper(during) > (lower(during) + make_interval(months => longest - option_months))::date
    ) FROM public.agreement_longest_months(law, lower(during)) AS longest
$$;
"""

ACTIVE = """
CREATE FUNCTION register_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'active' AND cardinality(agreement_holes(NEW)) > 0 THEN
        NEW.status := 'draft';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreements_agreement_registered BEFORE INSERT ON agreements_agreement
FOR EACH ROW EXECUTE FUNCTION register_agreement();

CREATE FUNCTION activate_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(agreement_holes(NEW)) > 0 THEN
        RAISE EXCEPTION 'agreement % lacks %', NEW.id, agreement_holes(NEW)
        USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_activates_when_complete';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreements_agreement_activated BEFORE UPDATE OF status ON agreements_agreement
FOR EACH ROW WHEN (NEW.status IN ('active', 'terminated', 'ended') AND OLD.status IN ('draft', 'decided'))
EXECUTE FUNCTION activate_agreement();

ALTER TABLE agreements_agreement ADD CONSTRAINT agreement_of_long_term_has_a_reason CHECK (
    status IN ('draft', 'decided') OR long_term_reason <> '' OR NOT agreement_is_long(law, valid_during, option_months)
);
ALTER TABLE agreements_agreementoption ADD CONSTRAINT agreement_option_used_in_time CHECK (
    decision <> 'used' OR (decided_at AT TIME ZONE 'Europe/Stockholm')::date <= decide_by_date
);
"""

SUPPLIERS = """
CREATE FUNCTION place_first_supplier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO agreements_agreementsupplier (agreement_id, supplier_id, rank) VALUES (NEW.id, NEW.supplier_id, 1);
    ELSE
        UPDATE agreements_agreementsupplier SET supplier_id = NEW.supplier_id
        WHERE agreement_id = NEW.id AND rank = 1 AND supplier_id <> NEW.supplier_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER agreements_agreement_first_supplier AFTER INSERT ON agreements_agreement
FOR EACH ROW EXECUTE FUNCTION place_first_supplier();
CREATE TRIGGER agreements_agreement_other_supplier AFTER UPDATE OF supplier_id ON agreements_agreement
FOR EACH ROW WHEN (NEW.supplier_id <> OLD.supplier_id) EXECUTE FUNCTION place_first_supplier();

CREATE FUNCTION take_away_first_supplier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM agreements_agreementsupplier WHERE agreement_id = OLD.id AND rank = 1;
    RETURN OLD;
END $$;
CREATE TRIGGER agreements_agreement_gone BEFORE DELETE ON agreements_agreement
FOR EACH ROW EXECUTE FUNCTION take_away_first_supplier();

CREATE FUNCTION follow_first_supplier() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    concerned bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END;
    first_supplier bigint;
BEGIN
    PERFORM FROM agreements_agreement WHERE id = concerned FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT supplier_id INTO first_supplier FROM agreements_agreementsupplier
    WHERE agreement_id = concerned AND rank = 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'agreement % has no first supplier', concerned
        USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_has_a_first_supplier';
    END IF;
    UPDATE agreements_agreement SET supplier_id = first_supplier
    WHERE id = concerned AND supplier_id <> first_supplier;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agreements_agreementsupplier_first
AFTER INSERT OR UPDATE OR DELETE ON agreements_agreementsupplier DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION follow_first_supplier();
"""

GUARD_PLACES = """
CREATE FUNCTION guard_places() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    concerned bigint;
    held agreements_agreement;
    broken text;
BEGIN
    IF TG_TABLE_NAME = 'agreements_agreement' THEN
        concerned := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        concerned := OLD.agreement_id;
    ELSE
        concerned := NEW.agreement_id;
    END IF;
    SELECT * INTO held FROM agreements_agreement WHERE id = concerned FOR NO KEY UPDATE;
    broken := agreement_broken_places(held.id, held.call_off_method);
    IF held.status IN ('active', 'terminated') AND broken IS NOT NULL THEN
        RAISE EXCEPTION 'suppliers of agreement % do not go together', concerned
        USING ERRCODE = 'check_violation', CONSTRAINT = broken;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agreements_agreementsupplier_whole
AFTER INSERT OR UPDATE OR DELETE ON agreements_agreementsupplier DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION guard_places();
CREATE CONSTRAINT TRIGGER agreements_agreement_whole
AFTER UPDATE OF call_off_method, status ON agreements_agreement DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION guard_places();
"""

FOLLOWING = """
CREATE FUNCTION follow_administrations() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    concerned bigint;
BEGIN
    FOREACH concerned IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.agreement_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.agreement_id END
    ] LOOP
        PERFORM FROM agreements_agreement WHERE id = concerned FOR NO KEY UPDATE;
        UPDATE agreements_agreement SET open_to = coalesce((
            SELECT array_agg(administration_id ORDER BY administration_id)
            FROM agreements_agreementadministration WHERE agreement_id = concerned
        ), '{}') WHERE id = concerned;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER agreements_agreementadministration_followed
AFTER INSERT OR UPDATE OR DELETE ON agreements_agreementadministration
FOR EACH ROW EXECUTE FUNCTION follow_administrations();

CREATE FUNCTION follow_options() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    concerned bigint;
BEGIN
    FOREACH concerned IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.agreement_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.agreement_id END
    ] LOOP
        PERFORM FROM agreements_agreement WHERE id = concerned FOR NO KEY UPDATE;
        UPDATE agreements_agreement SET option_months = coalesce((
            SELECT sum(months) FROM agreements_agreementoption WHERE agreement_id = concerned AND decision = ''
        ), 0) WHERE id = concerned;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER agreements_agreementoption_followed
AFTER INSERT OR UPDATE OR DELETE ON agreements_agreementoption
FOR EACH ROW EXECUTE FUNCTION follow_options();

CREATE FUNCTION keep_decided_option() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'option % is decided', OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_option_stays_decided';
END $$;
CREATE TRIGGER agreements_agreementoption_decided BEFORE UPDATE OR DELETE ON agreements_agreementoption
FOR EACH ROW WHEN (OLD.decision <> '') EXECUTE FUNCTION keep_decided_option();
"""

FORGET = """
DROP TRIGGER agreements_agreement_whole ON agreements_agreement;
DROP TRIGGER agreements_agreementsupplier_whole ON agreements_agreementsupplier;
DROP FUNCTION guard_places();
DROP TRIGGER agreements_agreementoption_decided ON agreements_agreementoption;
DROP TRIGGER agreements_agreementoption_followed ON agreements_agreementoption;
DROP TRIGGER agreements_agreementadministration_followed ON agreements_agreementadministration;
DROP TRIGGER agreements_agreementsupplier_first ON agreements_agreementsupplier;
DROP TRIGGER agreements_agreement_gone ON agreements_agreement;
DROP TRIGGER agreements_agreement_other_supplier ON agreements_agreement;
DROP TRIGGER agreements_agreement_first_supplier ON agreements_agreement;
DROP TRIGGER agreements_agreement_activated ON agreements_agreement;
DROP TRIGGER agreements_agreement_registered ON agreements_agreement;
DROP FUNCTION keep_decided_option(), follow_options(), follow_administrations(), follow_first_supplier();
DROP FUNCTION take_away_first_supplier(), place_first_supplier(), activate_agreement(), register_agreement();
DROP FUNCTION agreement_complete_percent(bigint), agreement_missing_of(bigint);
DROP FUNCTION agreement_missing(agreements_agreement), agreement_holes(agreements_agreement);
DROP FUNCTION agreement_broken_places(bigint, text);
ALTER TABLE agreements_agreement DROP CONSTRAINT agreement_of_long_term_has_a_reason;
DROP FUNCTION agreement_is_long(text, daterange, integer);
DROP FUNCTION agreement_longest_months(text, date);
ALTER TABLE agreements_agreementoption DROP CONSTRAINT agreement_option_used_in_time;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0002_commitments_written_down"),
        ("categories", "0001_initial"),
    ]
    operations = [migrations.RunSQL(LONG + PLACES + HOLES + ACTIVE + SUPPLIERS + GUARD_PLACES + FOLLOWING, FORGET)]
