"""The floor: bare aiohttp, a hand-written HMAC, and one PL/pgSQL call that does the same durable work as a turn.

Run by turn.py as a process of its own. It understands three words, has one business and no rules; what it shares with
the real thing is what is on disk afterwards: the event, both messages, the turn, the outbox row's state, the new state
of the conversation, one commit.
"""

import asyncio
import hmac
import os
from base64 import b64encode

import asyncpg
import uvloop
from aiohttp import web

TABLES = """
CREATE TABLE person (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), tenant uuid, phone text, state jsonb DEFAULT '{}',
  points int DEFAULT 300, UNIQUE (tenant, phone)) WITH (fillfactor = 70);
CREATE TABLE event (tenant uuid, id uuid DEFAULT gen_random_uuid(), sid text, payload text,
  at timestamptz DEFAULT now(), done timestamptz, PRIMARY KEY (tenant, id), UNIQUE (tenant, sid));
CREATE TABLE message (tenant uuid, id uuid DEFAULT gen_random_uuid(), person uuid REFERENCES person (id), event uuid,
  direction text, body text, sid text, status text, at timestamptz DEFAULT now(), PRIMARY KEY (tenant, id));
CREATE UNIQUE INDEX ON message (tenant, sid) WHERE sid IS NOT NULL;
CREATE INDEX ON message (tenant, person, at);
CREATE TABLE turn (tenant uuid, id uuid DEFAULT gen_random_uuid(), person uuid REFERENCES person (id), event uuid,
  said text, answer text, at timestamptz DEFAULT now(), PRIMARY KEY (tenant, id), UNIQUE (tenant, event));
CREATE TABLE reward (tenant uuid, name text, points int);
CREATE TABLE line (number text PRIMARY KEY, tenant uuid);
"""
REWARDS = """
INSERT INTO reward SELECT tenant, name, points
  FROM line, (VALUES ('Free coffee', 100), ('Pastry box', 250), ('Tasting for two', 600)) r (name, points)
"""
DO = """
CREATE FUNCTION take(p_line text, p_sender text, p_sid text, p_said text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE t uuid; e uuid; p person; answer text; next_state jsonb := '{}'; r record;
BEGIN
  SELECT tenant INTO t FROM line WHERE number = p_line;
  IF t IS NULL THEN RETURN NULL; END IF;
  INSERT INTO event (tenant, sid, payload) VALUES (t, p_sid, p_said) ON CONFLICT DO NOTHING RETURNING id INTO e;
  IF e IS NULL THEN RETURN ''; END IF;
  SELECT * INTO p FROM person WHERE tenant = t AND phone = p_sender FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO person (tenant, phone) VALUES (t, p_sender) ON CONFLICT DO NOTHING;
    SELECT * INTO p FROM person WHERE tenant = t AND phone = p_sender FOR UPDATE;
  END IF;
  IF p.state ->> 'awaiting' = 'reward' AND p_said = 'cancel' THEN answer := 'All right.';
  ELSIF p_said = 'points' THEN
    SELECT * INTO r FROM reward WHERE tenant = t AND points > p.points ORDER BY points LIMIT 1;
    answer := format('You have %s points. Next reward: %s.', p.points, r.name);
  ELSIF p_said = 'redeem' THEN
    SELECT string_agg(name, E'\\n' ORDER BY points) AS names INTO r FROM reward WHERE tenant = t AND points <= p.points;
    answer := format(E'Which reward?\\n%s', r.names); next_state := '{"flow": "redemption", "awaiting": "reward"}';
  ELSE answer := 'Menu'; END IF;
  INSERT INTO message (tenant, person, event, direction, body, sid, status) VALUES
    (t, p.id, e, 'inbound', p_said, p_sid, 'received'), (t, p.id, e, 'outbound', answer, NULL, 'queued');
  INSERT INTO turn (tenant, person, event, said, answer) VALUES (t, p.id, e, p_said, answer);
  UPDATE person SET state = next_state WHERE id = p.id;
  UPDATE event SET done = now(), payload = NULL WHERE tenant = t AND id = e;
  RETURN answer;
END $$
"""
BASE = os.environ.get("PUBLIC_BASE_URL", "")
TOKEN = os.environ.get("TWILIO_AUTH_TOKEN", "").encode()


async def receive(request: web.Request) -> web.Response:
    form = await request.post()
    signed = BASE + request.raw_path + "".join(f"{name}{form[name]!s}" for name in sorted(form))
    expected = b64encode(hmac.digest(TOKEN, signed.encode(), "sha1")).decode()
    if not hmac.compare_digest(expected, request.headers.get("X-Twilio-Signature", "")):
        raise web.HTTPForbidden
    await request.app[POOL].fetchval(
        "SELECT take($1, $2, $3, $4)", str(form["To"])[9:], str(form["From"])[9:], form["MessageSid"], form["Body"]
    )
    return web.Response(status=204)


POOL = web.AppKey("pool", asyncpg.Pool)


async def main() -> None:
    app = web.Application()
    app[POOL] = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=32, max_size=32)
    app.add_routes([web.post("/webhooks/twilio/messages", receive)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
