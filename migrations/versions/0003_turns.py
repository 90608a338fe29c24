"""The two ends of a turn, each one round trip: hold the conversation, save what came of it."""

from alembic import op

revision = "0003"
down_revision = "0002"

# NO KEY: staff who log a purchase for this customer only refer to his row, and would wait for his turn while he waits
# for their lots. plpgsql, so that each statement sees what committed while the lock was waited for: one statement alone would
# find the event that the holder before us has just answered
HOLD = """
CREATE FUNCTION hold_conversation(p_sender text, p_new uuid)
RETURNS TABLE (customer customers, staff users, event inbound_events, more boolean)
LANGUAGE plpgsql AS $$
DECLARE t uuid := current_setting('app.current_tenant')::uuid;
BEGIN
  SELECT c.* INTO customer FROM customers c WHERE c.tenant_id = t AND c.phone_number = p_sender FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    INSERT INTO customers (tenant_id, id, phone_number, loyalty_status, opted_in, total_purchases, total_spent,
                           total_bookings, total_calls)
      VALUES (t, p_new, p_sender, 'inactive', true, 0, 0, 0, 0) ON CONFLICT DO NOTHING;
    SELECT c.* INTO customer FROM customers c WHERE c.tenant_id = t AND c.phone_number = p_sender FOR NO KEY UPDATE;
  END IF;
  SELECT e.* INTO event FROM inbound_events e
    WHERE e.tenant_id = t AND e.sender = p_sender AND e.processed_at IS NULL ORDER BY e.seq LIMIT 1;
  more := event.seq IS NOT NULL AND EXISTS (SELECT FROM inbound_events e
    WHERE e.tenant_id = t AND e.sender = p_sender AND e.processed_at IS NULL AND e.seq > event.seq);
  SELECT u.* INTO staff FROM users u
    WHERE u.tenant_id = t AND u.phone_number = p_sender AND u.is_active AND u.deleted_at IS NULL;
  RETURN NEXT;
END $$
"""

SAVE = """
CREATE FUNCTION save_turn(
  p_customer uuid, p_event uuid, p_channel text, p_name text, p_state jsonb, p_turn jsonb, p_messages jsonb,
  p_now timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t uuid := current_setting('app.current_tenant')::uuid;
BEGIN
  UPDATE customers c SET conversation_state = p_state, last_contact_at = p_now, last_channel = p_channel,
      whatsapp_name = coalesce(p_name, c.whatsapp_name),
      last_whatsapp_at = CASE WHEN p_channel = 'whatsapp' THEN p_now ELSE c.last_whatsapp_at END
    WHERE c.tenant_id = t AND c.id = p_customer;
  UPDATE inbound_events e SET processed_at = p_now, payload = NULL WHERE e.tenant_id = t AND e.id = p_event;
  INSERT INTO messages (tenant_id, id, customer_id, event_id, direction, channel, message_type, line, phone_number,
                        body, sealed_body, choices, media_url, triggered_by, status, provider_id, attempts,
                        next_attempt_at, at)
    SELECT t, m.id, m.customer_id, p_event, m.direction, m.channel, m.message_type, m.line, m.phone_number,
           m.body, decode(m.sealed_body, 'base64'), coalesce(m.choices, '[]'), m.media_url, m.triggered_by, m.status,
           m.provider_id, 0, CASE WHEN m.status = 'queued' THEN p_now END, p_now
    FROM jsonb_to_recordset(p_messages) AS m (
      id uuid, customer_id uuid, direction text, channel text, message_type text, line text, phone_number text,
      body text, sealed_body text, choices jsonb, media_url text, triggered_by text, status text, provider_id text
    );
  INSERT INTO turns (tenant_id, id, customer_id, event_id, message, answer, intent, flow, confidence, escalated,
                     source, at)
    SELECT t, r.id, p_customer, p_event, r.message, r.answer, r.intent, r.flow, r.confidence, r.escalated,
           r.source, p_now
    FROM jsonb_to_record(p_turn) AS r (
      id uuid, message text, answer text, intent text, flow text, confidence float8, escalated boolean, source text
    );
END $$
"""


def upgrade() -> None:
    """Makes both functions; they run with the caller's rights, under row-level security."""
    op.execute(HOLD)
    op.execute(SAVE)
