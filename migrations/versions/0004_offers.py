"""Choices that were sent to somebody who had not asked, and how long a message may wait."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.security import APP, isolate, keep_updated_at

revision = "0004"
down_revision = "0003"

# as in 0003, and what the person was offered without having asked, newest first
HOLD = """
CREATE FUNCTION hold_conversation(p_sender text, p_new uuid, p_now timestamptz)
RETURNS TABLE (customer customers, staff users, event inbound_events, more boolean, offers jsonb)
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
  SELECT jsonb_agg(jsonb_build_object('made_at', o.made_at, 'choices', o.choices) ORDER BY o.made_at DESC) INTO offers
    FROM standing_offers o WHERE o.tenant_id = t AND o.customer_id = customer.id AND o.expires_at > p_now;
  RETURN NEXT;
END $$
"""

KEEP = """
CREATE FUNCTION keep_messages(p_event uuid, p_messages jsonb, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE t uuid := current_setting('app.current_tenant')::uuid;
BEGIN
  INSERT INTO messages (tenant_id, id, customer_id, event_id, direction, channel, message_type, line, phone_number,
                        body, sealed_body, choices, media_url, triggered_by, purpose, status, provider_id, attempts,
                        next_attempt_at, expires_at, at)
    SELECT t, m.id, m.customer_id, p_event, m.direction, m.channel, m.message_type, m.line, m.phone_number,
           m.body, decode(m.sealed_body, 'base64'), coalesce(m.choices, '[]'), m.media_url, m.triggered_by,
           coalesce(m.purpose, 'service'), m.status, m.provider_id, 0,
           CASE WHEN m.status = 'queued' THEN p_now END, m.expires_at, p_now
    FROM jsonb_to_recordset(p_messages) AS m (
      id uuid, customer_id uuid, direction text, channel text, message_type text, line text, phone_number text,
      body text, sealed_body text, choices jsonb, media_url text, triggered_by text, purpose text, status text,
      provider_id text, expires_at timestamptz
    );
  -- nearly no message offers anything unasked: that is seen without reading each as a row
  IF p_messages @? '$[*].stands_until ? (@ != null)' THEN
    INSERT INTO standing_offers (tenant_id, id, customer_id, choices, made_at, expires_at)
      SELECT t, m.id, m.customer_id, m.standing, p_now, m.stands_until
      FROM jsonb_to_recordset(p_messages) AS m (id uuid, customer_id uuid, standing jsonb, stands_until timestamptz)
      WHERE m.stands_until IS NOT NULL;
  END IF;
END $$
"""

SAVE = """
CREATE OR REPLACE FUNCTION save_turn(
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
  PERFORM keep_messages(p_event, p_messages, p_now);
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
    """Makes the table, and lets a turn read it and write it in the round trips it makes anyway."""
    op.create_table(
        "standing_offers",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("choices", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name="fk_standing_offers_tenant_id_customer_id",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_standing_offers"),
    )
    op.create_index("ix_standing_offers_open", "standing_offers", ["tenant_id", "customer_id", "expires_at"])
    for statement in (*isolate("standing_offers"), *keep_updated_at("standing_offers")):
        op.execute(statement)
    op.execute(f"GRANT DELETE ON standing_offers TO {APP}")
    op.add_column("messages", sa.Column("purpose", sa.String(), server_default="service", nullable=False))
    op.alter_column("messages", "purpose", server_default=None)
    op.create_check_constraint(
        op.f("ck_messages_purpose_known"), "messages", "purpose IN ('service', 'marketing', 'review')"
    )
    op.add_column("messages", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("DROP FUNCTION hold_conversation(text, uuid)")
    for function in (HOLD, KEEP, SAVE):
        op.execute(function)
