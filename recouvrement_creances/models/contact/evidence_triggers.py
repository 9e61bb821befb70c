"""What the database itself holds evidence to, in PostgreSQL's language.

A record is inserted once. One change is let through: the erasure of what it says about people,
by a purge, when the case has been closed for its period, nobody holds it back, and every seal
stays as it was. The periods are the company's (``res_company``), never below two years, and they
are counted from the later of the case's closing and the record itself, whose date cannot be moved.
"""

# The same conditions as rules/retention.py, which proposes; here they are enforced.
EXPIRY = """
CREATE OR REPLACE FUNCTION collection_evidence_is_expired(record_id integer) RETURNS boolean AS $$
BEGIN RETURN (
    SELECT COALESCE(bool_or(
               (base.day + make_interval(months => GREATEST(period.months, 24)))::date
               < CURRENT_DATE
           ), FALSE)
      FROM collection_evidence evidence
      JOIN collection_case c ON c.id = evidence.case_id
      JOIN res_company company ON company.id = c.company_id
CROSS JOIN LATERAL (
               SELECT EXISTS (SELECT FROM collection_evidence_ir_attachment_rel file
                               WHERE file.collection_evidence_id = evidence.id) AS has_files,
                      EXISTS (SELECT FROM collection_hold hold
                               WHERE hold.case_id = c.id AND hold.kind = 'handover') AS in_court
           ) known
CROSS JOIN LATERAL (
               SELECT GREATEST(
                          company.collection_retention_case_months,
                          CASE WHEN known.in_court
                               THEN company.collection_retention_title_months ELSE 0 END,
                          CASE WHEN known.has_files
                               THEN company.collection_retention_piece_months ELSE 0 END
                      ) AS months,
                      GREATEST(c.closed_on, evidence.occurred_at::date) AS latest
           ) period
CROSS JOIN LATERAL (
               SELECT CASE WHEN known.has_files
                           THEN make_date(EXTRACT(YEAR FROM period.latest)::integer, 12, 31)
                           ELSE period.latest END AS day
           ) base
     WHERE evidence.id = record_id
       AND c.is_open IS NOT TRUE
       AND c.closed_on IS NOT NULL
       AND c.legal_hold IS NOT TRUE
); END
$$ LANGUAGE plpgsql STABLE;
"""

REFUSAL = """
CREATE OR REPLACE FUNCTION collection_evidence_refuse() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Collection evidence can be neither changed nor deleted.'
          USING ERRCODE = 'restrict_violation';
END
$$ LANGUAGE plpgsql;
"""

DOOR = """
CREATE OR REPLACE FUNCTION collection_evidence_erase_only() RETURNS trigger AS $$
DECLARE
    erasable CONSTANT text[] := ARRAY[
        'payload', 'subject', 'body', 'recipient', 'author', 'transport_reference',
        'erased_on', 'purge_id'];
BEGIN
    IF OLD.erased_on IS NULL AND NEW.erased_on IS NOT NULL
       AND NEW.payload = ''
       AND NEW.subject IS NULL AND NEW.body IS NULL AND NEW.recipient IS NULL
       AND NEW.author IS NULL AND NEW.transport_reference IS NULL
       AND to_jsonb(NEW) - erasable = to_jsonb(OLD) - erasable
       AND EXISTS (SELECT FROM collection_purge WHERE id = NEW.purge_id AND state = 'done'
                      AND company_id = OLD.company_id)
       AND collection_evidence_is_expired(OLD.id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Collection evidence can be neither changed nor deleted.'
          USING ERRCODE = 'restrict_violation';
END
$$ LANGUAGE plpgsql;
"""

FILES = """
CREATE OR REPLACE FUNCTION collection_evidence_keep_files() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM collection_evidence
         WHERE id = OLD.collection_evidence_id AND erased_on IS NOT NULL)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The files of collection evidence can be neither changed nor deleted.'
          USING ERRCODE = 'restrict_violation';
END
$$ LANGUAGE plpgsql;
"""

TRIGGERS = """
DROP TRIGGER IF EXISTS collection_evidence_immutable ON collection_evidence;
DROP TRIGGER IF EXISTS collection_evidence_undeletable ON collection_evidence;
CREATE TRIGGER collection_evidence_immutable
    BEFORE UPDATE ON collection_evidence
    FOR EACH ROW EXECUTE FUNCTION collection_evidence_erase_only();
CREATE TRIGGER collection_evidence_undeletable
    BEFORE DELETE ON collection_evidence
    FOR EACH ROW EXECUTE FUNCTION collection_evidence_refuse();
DROP TRIGGER IF EXISTS collection_evidence_no_truncate ON collection_evidence;
CREATE TRIGGER collection_evidence_no_truncate
    BEFORE TRUNCATE ON collection_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION collection_evidence_refuse();
DROP TRIGGER IF EXISTS collection_evidence_files_kept ON collection_evidence_ir_attachment_rel;
CREATE TRIGGER collection_evidence_files_kept
    BEFORE UPDATE OR DELETE ON collection_evidence_ir_attachment_rel
    FOR EACH ROW EXECUTE FUNCTION collection_evidence_keep_files();
DROP TRIGGER IF EXISTS collection_evidence_files_no_truncate
    ON collection_evidence_ir_attachment_rel;
CREATE TRIGGER collection_evidence_files_no_truncate
    BEFORE TRUNCATE ON collection_evidence_ir_attachment_rel
    FOR EACH STATEMENT EXECUTE FUNCTION collection_evidence_refuse();
"""

CUSTODY_LOG = """
DROP TRIGGER IF EXISTS collection_custody_log_immutable ON collection_custody_log;
CREATE TRIGGER collection_custody_log_immutable
    BEFORE UPDATE OR DELETE ON collection_custody_log
    FOR EACH ROW EXECUTE FUNCTION collection_evidence_refuse();
DROP TRIGGER IF EXISTS collection_custody_log_no_truncate ON collection_custody_log;
CREATE TRIGGER collection_custody_log_no_truncate
    BEFORE TRUNCATE ON collection_custody_log
    FOR EACH STATEMENT EXECUTE FUNCTION collection_evidence_refuse();
"""

# Taken away with the add-on.
REMOVAL = """
DROP FUNCTION IF EXISTS collection_evidence_refuse() CASCADE;
DROP FUNCTION IF EXISTS collection_evidence_erase_only() CASCADE;
DROP FUNCTION IF EXISTS collection_evidence_keep_files() CASCADE;
DROP FUNCTION IF EXISTS collection_evidence_is_expired(integer) CASCADE;
"""
