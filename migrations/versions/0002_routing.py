"""What may be asked before a business is known: whose number is this, and where is work waiting."""

from alembic import op

from migrations.security import APP, CURRENT_TENANT, ROUTER

revision = "0002"
down_revision = "0001"

# the router sees the columns it needs to find a business, in every business, and nothing else
SIGHT = {
    "tenants": "id, slug, business_name, vendor_code, is_active, deleted_at",
    "phone_lines": "tenant_id, number, channel",
    "users": "tenant_id, phone_number, is_active",
    "customers": "tenant_id, phone_number, joined_at",
    "inbound_events": "tenant_id, provider, provider_id, sender, received_at, processed_at, seq",
    "messages": "tenant_id, id, direction, provider_id, status, next_attempt_at",
    "calls": "tenant_id, call_sid",
}

ROUTE = """
CREATE FUNCTION route_line(p_channel text, p_number text, p_sender text, p_code text, p_now timestamptz)
RETURNS TABLE (known boolean, shared boolean, tenant uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  known := true; shared := false;
  SELECT l.tenant_id INTO tenant FROM phone_lines l JOIN tenants t ON t.id = l.tenant_id AND t.is_active
    WHERE l.number = p_number AND l.channel = p_channel;
  IF FOUND THEN RETURN NEXT; RETURN; END IF;
  PERFORM FROM shared_lines s WHERE s.number = p_number AND s.channel = p_channel;
  known := FOUND; shared := FOUND;
  IF NOT known THEN RETURN NEXT; RETURN; END IF;
  -- whatever names a business, it counts only if that business has put itself on this number
  SELECT t.id INTO tenant FROM shared_lines m JOIN tenants t ON t.id = m.tenant_id AND t.is_active
    WHERE m.number = p_number AND m.channel = p_channel AND t.vendor_code = p_code;
  IF tenant IS NULL THEN
    SELECT s.tenant_id INTO tenant FROM line_sessions s
      JOIN shared_lines m ON m.number = s.number AND m.channel = p_channel AND m.tenant_id = s.tenant_id
      JOIN tenants t ON t.id = s.tenant_id AND t.is_active
      WHERE s.number = p_number AND s.sender = p_sender ORDER BY s.chosen_at DESC LIMIT 1;
    IF FOUND THEN RETURN NEXT; RETURN; END IF;
    tenant := only_tenant_of(p_number, p_channel, p_sender);
  END IF;
  IF tenant IS NOT NULL THEN
    INSERT INTO line_sessions (number, sender, tenant_id, chosen_at) VALUES (p_number, p_sender, tenant, p_now)
      ON CONFLICT (number, sender, tenant_id) DO UPDATE SET chosen_at = excluded.chosen_at;
  END IF;
  RETURN NEXT;
END $$
"""

ONLY_TENANT = """
CREATE FUNCTION only_tenant_of(p_number text, p_channel text, p_sender text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH here AS (
    SELECT m.tenant_id FROM shared_lines m JOIN tenants t ON t.id = m.tenant_id AND t.is_active
      WHERE m.number = p_number AND m.channel = p_channel
  )
  SELECT CASE WHEN count(*) = 1 THEN (array_agg(known.tenant_id))[1] END FROM (
    SELECT u.tenant_id FROM here JOIN users u ON u.tenant_id = here.tenant_id
      WHERE u.phone_number = p_sender AND u.is_active
    UNION
    SELECT c.tenant_id FROM here JOIN customers c ON c.tenant_id = here.tenant_id
      WHERE c.phone_number = p_sender AND c.joined_at IS NOT NULL
  ) known
$$
"""

RECEIVE = """
CREATE FUNCTION receive_event(
  p_id uuid, p_provider text, p_provider_id text, p_channel text, p_number text, p_sender text, p_code text,
  p_payload bytea, p_now timestamptz
) RETURNS TABLE (outcome text, tenant uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE line record;
BEGIN
  -- nearly every message comes to a business's own number: no need to ask further
  SELECT l.tenant_id INTO tenant FROM phone_lines l JOIN tenants t ON t.id = l.tenant_id AND t.is_active
    WHERE l.number = p_number AND l.channel = p_channel;
  IF NOT FOUND THEN
    -- on a shared number the person may have moved to another business between two copies of one message: the late
    -- copy has no effect there, and does not move him back either
    SELECT e.tenant_id INTO tenant FROM inbound_events e
      WHERE e.provider = p_provider AND e.provider_id = p_provider_id AND e.tenant_id IN
        (SELECT s.tenant_id FROM line_sessions s WHERE s.number = p_number AND s.sender = p_sender);
    IF FOUND THEN outcome := 'duplicate'; RETURN NEXT; RETURN; END IF;
    SELECT * INTO line FROM route_line(p_channel, p_number, p_sender, p_code, p_now);
    tenant := line.tenant;
    IF NOT line.known THEN outcome := 'no_line'; RETURN NEXT; RETURN; END IF;
    IF tenant IS NULL THEN outcome := 'no_business'; RETURN NEXT; RETURN; END IF;
  END IF;
  INSERT INTO inbound_events (tenant_id, id, provider, provider_id, channel, line, sender, payload, received_at, attempts)
    VALUES (tenant, p_id, p_provider, p_provider_id, p_channel, p_number, p_sender, p_payload, p_now, 0)
    ON CONFLICT (tenant_id, provider, provider_id) DO NOTHING;
  outcome := CASE WHEN FOUND THEN 'received' ELSE 'duplicate' END;
  RETURN NEXT;
END $$
"""

CALL = """
CREATE FUNCTION tenant_of_call(p_number text, p_sender text, p_call_sid text) RETURNS TABLE (tenant uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.tenant_id FROM calls c WHERE c.call_sid = p_call_sid AND c.tenant_id IN (
    SELECT l.tenant_id FROM phone_lines l WHERE l.number = p_number AND l.channel = 'voice'
    UNION SELECT s.tenant_id FROM line_sessions s WHERE s.number = p_number AND s.sender = p_sender
  )
$$
"""

MESSAGE = """
CREATE FUNCTION message_sent_as(p_number text, p_person text, p_provider_id text)
RETURNS TABLE (tenant uuid, message uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.tenant_id, m.id FROM messages m
    WHERE m.direction = 'outbound' AND m.provider_id = p_provider_id AND m.tenant_id IN (
    SELECT l.tenant_id FROM phone_lines l WHERE l.number = p_number
    UNION SELECT s.tenant_id FROM line_sessions s WHERE s.number = p_number AND s.sender = p_person
  )
$$
"""

# the business of the transaction alone comes and goes: nobody puts another on a number, or takes it off
SHARE = f"""
CREATE FUNCTION share_line(p_number text, p_channel text) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH joined AS (
    INSERT INTO shared_lines (number, channel, tenant_id) VALUES (p_number, p_channel, {CURRENT_TENANT})
      ON CONFLICT DO NOTHING RETURNING number
  )
  SELECT count(*)::integer FROM joined
$$
"""  # noqa: S608 - a constant of ours

LEAVE = f"""
CREATE FUNCTION leave_shared_lines(p_kept text[]) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH given_up AS (
    DELETE FROM shared_lines m WHERE m.tenant_id = {CURRENT_TENANT} AND m.number <> ALL (p_kept)
      RETURNING m.number
  ), forgotten AS (
    DELETE FROM line_sessions s USING given_up
      WHERE s.number = given_up.number AND s.tenant_id = {CURRENT_TENANT}
  )
  SELECT count(*)::integer FROM given_up
$$
"""  # noqa: S608 - a constant of ours

BUSINESSES = """
CREATE FUNCTION businesses() RETURNS TABLE (tenant uuid, slug text, business_name text, vendor_code text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT t.id, t.slug, t.business_name, t.vendor_code FROM tenants t WHERE t.is_active AND t.deleted_at IS NULL
    ORDER BY t.business_name
$$
"""

ON_LINE = """
CREATE FUNCTION businesses_on_line(p_number text, p_channel text)
RETURNS TABLE (tenant uuid, slug text, business_name text, vendor_code text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT t.id, t.slug, t.business_name, t.vendor_code FROM shared_lines m
    JOIN tenants t ON t.id = m.tenant_id AND t.is_active AND t.deleted_at IS NULL
    WHERE m.number = p_number AND m.channel = p_channel
    ORDER BY t.business_name
$$
"""

WAITING = """
CREATE FUNCTION waiting_people(p_before timestamptz) RETURNS TABLE (tenant uuid, sender text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.tenant_id, e.sender FROM inbound_events e
    WHERE e.processed_at IS NULL AND e.received_at < p_before
    GROUP BY e.tenant_id, e.sender ORDER BY min(e.seq) LIMIT 500
$$
"""

UNSENT = """
CREATE FUNCTION tenants_with_unsent(p_due timestamptz) RETURNS TABLE (tenant uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT m.tenant_id FROM messages m
    WHERE m.status IN ('queued', 'sending') AND m.next_attempt_at <= p_due LIMIT 500
$$
"""

OPEN_TO_APP = (
    "route_line(text, text, text, text, timestamptz)",
    "receive_event(uuid, text, text, text, text, text, text, bytea, timestamptz)",
    "message_sent_as(text, text, text)",
    "tenant_of_call(text, text, text)",
    "share_line(text, text)",
    "leave_shared_lines(text[])",
    "businesses()",
    "businesses_on_line(text, text)",
    "waiting_people(timestamptz)",
    "tenants_with_unsent(timestamptz)",
)


def upgrade() -> None:
    """Gives the router its sight and the app role the router's answers."""
    for table, columns in SIGHT.items():
        op.execute(f"CREATE POLICY routing ON {table} FOR SELECT TO {ROUTER} USING (true)")
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO {ROUTER}")
    op.execute(f"CREATE POLICY receiving ON inbound_events FOR INSERT TO {ROUTER} WITH CHECK (true)")
    op.execute(f"GRANT INSERT ON inbound_events TO {ROUTER}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON line_sessions, shared_lines TO {ROUTER}")
    op.execute(f"GRANT CREATE ON SCHEMA public TO {ROUTER}")
    for function in (ONLY_TENANT, ROUTE, RECEIVE, CALL, MESSAGE, SHARE, LEAVE, BUSINESSES, ON_LINE, WAITING, UNSENT):
        op.execute(function)
    for signature in ("only_tenant_of(text, text, text)", *OPEN_TO_APP):
        op.execute(f"ALTER FUNCTION {signature} OWNER TO {ROUTER}")
        op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC")
    for signature in OPEN_TO_APP:
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {APP}")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {ROUTER}")
