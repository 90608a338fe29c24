"""PINs and codes: whoever types them, whenever and however, they rest nowhere in clear."""

import logging
import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from io import StringIO

import asyncpg
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.jobs.tidying import SECRETS_KEPT
from bot.log import configure
from bot.masking import MASK, masked
from flows.state import ConversationState, Frame
from models.db import Database
from models.vault import Vault
from tests.bot.town import Shop, Town
from tests.flows.senses.situations import LAGOS, NEW_YORK
from tests.shops import afresh, example, open_shop, variation

AMAKA, TUNDE, CHIOMA = "+2348030000001", "+2348030000002", "+2348031234567"
PIN, TUNDES_PIN, WRONG, ALSO_WRONG = "918273", "605142", "273645", "864209"
PINS = (PIN, TUNDES_PIN, WRONG, ALSO_WRONG)
SPOKEN = {"nine one eight two seven three", "nine, one, eight, two, seven, three"}

_MEANINGLESS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}|\d{4}-\d\d-\d\d[T ][\d:.]+")
"""Ids and times: six digits stand in them by chance."""
_COLUMNS = """
SELECT class.relname AS table, attribute.attname AS column, type.typname AS type,
  EXISTS (SELECT FROM pg_catalog.pg_attribute t WHERE t.attrelid = class.oid AND t.attname = 'tenant_id') AS ours
FROM pg_catalog.pg_class class
JOIN pg_catalog.pg_attribute attribute ON attribute.attrelid = class.oid AND attribute.attnum > 0
JOIN pg_catalog.pg_type type ON type.oid = attribute.atttypid
WHERE class.relnamespace = 'public'::regnamespace AND class.relkind IN ('r', 'p') AND NOT attribute.attisdropped
  AND type.typname IN ('text', 'varchar', 'bpchar', 'json', 'jsonb', 'bytea', '_text', '_varchar', 'name')
"""


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that is logged, as the service logs it, from debugging on."""
    stream, root = StringIO(), logging.getLogger()
    handlers, level, root.handlers = root.handlers, root.level, []
    configure("debug", "json", stream)
    yield stream
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


@pytest.fixture
async def cafe(town: Town, database: Database, vault: Vault, now: datetime) -> Shop:
    """The café with PINs that stand nowhere else."""
    amaka, tunde = example("cafe").staff
    staff = [amaka.model_copy(update={"pin": SecretStr(PIN)}), tunde.model_copy(update={"pin": SecretStr(TUNDES_PIN)})]
    tenant = await open_shop(database, vault, variation(afresh("cafe"), {"staff": staff}), now)
    return Shop(town, tenant.id, tenant.phone_number, tenant.vendor_code)


@pytest.fixture
async def owner(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


def written_ways(secret: str) -> list[str]:
    """The secret as it may be written: whole, in halves, digit by digit."""
    half = len(secret) // 2
    halves = (f"{secret[:half]}{gap}{secret[half:]}" for gap in (*" -./", " - "))
    pairs = (gap.join(re.findall("..?", secret)) for gap in "-–.")
    return [secret, *halves, *pairs, " ".join(secret), "-".join(secret)]


async def found_at_rest(owner: asyncpg.Connection, cafe: Shop, secrets: list[str]) -> list[str]:
    """Where a secret stands in clear, in any text, document or bytes of any table."""
    columns = await owner.fetch(_COLUMNS)
    assert {("messages", "body"), ("inbound_events", "payload")} < {(one["table"], one["column"]) for one in columns}
    found = []
    for one in columns:
        reads = f'"{one["column"]}"' if one["type"] == "bytea" else f'"{one["column"]}"::text'
        # what other tests let lie is theirs to find
        ours = f"tenant_id = '{cafe.tenant_id}'" if one["ours"] else "true"
        for (value,) in await owner.fetch(f'SELECT {reads} FROM "{one["table"]}" WHERE {ours}'):  # noqa: S608 - our names
            text = value.decode("latin-1") if isinstance(value, bytes) else _MEANINGLESS.sub("", value or "")
            here = [secret for secret in secrets if secret.lower() in text.lower()]
            found += [f"{secret} in {one['table']}.{one['column']}: {text[:200]}" for secret in here]
    return found


async def nothing_leaks(owner: asyncpg.Connection, cafe: Shop, log: StringIO, *secrets: str) -> None:
    """No secret, however written, rests in the database or stands in the log."""
    ways = [way for secret in secrets for way in written_ways(secret)]
    assert await found_at_rest(owner, cafe, ways) == []
    logged = _MEANINGLESS.sub("", log.getvalue())
    assert [way for way in ways if way in logged] == []


STAFF_TYPES = {
    "when asked": ("log", "0803 123 4567", "5000", PIN),
    "wrong, then right": ("log", "0803 123 4567", "5000", WRONG, PIN),
    "in words, when asked": ("log", "0803 123 4567", "5000", f"my pin is {PIN}"),
    "in a story, when asked": ("log", "0803 123 4567", "5000", f"hmm I think it was {WRONG} or else {ALSO_WRONG}"),
    "in halves": ("log", "0803 123 4567", "5000", "918 273"),
    "with the amount": ("log", "0803 123 4567", f"5000 {PIN}"),
    "with the phone": ("log", f"0803 123 4567 {PIN}"),
    "after the end": ("log 0803 123 4567 5000", PIN, PIN),
    "out of the blue": (PIN,),
    "out of the blue, in halves": ("918-273",),
    "in a sentence": (f"Sorry, my pin is {PIN}, did I get it right",),
    "in a question": (f"is {PIN} still my pin?", f"Why does {PIN} not work?"),
    "in one line": (f"log 0803 123 4567 5000 {PIN}",),
    "in one line, wrong": (f"log 0803 123 4567 5000 {WRONG}",),
    "in one line, in halves": ("log 0803 123 4567 5000 918 273",),
    "in one line, with a full stop": ("log 0803 123 4567 5000 918.273",),
    "in one line, with a slash": ("log 0803 123 4567 5000 918/273",),
    "in one line, in pairs": ("log 0803 123 4567 5000 91–82–73",),
    "in one line, glued to the amount": (f"log 0803 123 4567 5000{PIN}",),
    "in one line, glued to a short amount": (f"log 0803 123 4567 500{PIN}",),
    "in one line for a stranger": (f"log 0803 999 0000 5000 {PIN}", "yes", PIN),
    "in a phrase": (f"log a purchase of 5000 for 0803 123 4567, pin {PIN}",),
    "in a phrase without the word": (f"please log a sale for 0803 123 4567 5000 {PIN} thanks",),
    "in words, in a sentence": ("Okay so my pin is nine one eight two seven three if that helps",),
    "in a flow of customers": ("book", f"{PIN}", f"pin {PIN}", "cancel"),
    "while cancelling": ("log", f"cancel {PIN}", f"back {PIN}"),
    "as a near miss of a code": (f"code {PIN}", f"check code {PIN}"),
    "too many times": ("log 0803 123 4567 5000", *(WRONG,) * 6, PIN),
}


async def test_a_pin_that_staff_type_rests_nowhere(cafe: Shop, owner: asyncpg.Connection, log: StringIO) -> None:
    """Invariant 31."""
    await cafe.phone(CHIOMA).says("hi")
    for said in STAFF_TYPES.values():
        await cafe.phone(AMAKA).says(*said, "cancel", "cancel")
        cafe.town.clock.pass_by(hours=1)  # wrong ones lock
    await nothing_leaks(owner, cafe, log, *PINS, *SPOKEN)
    assert len(await cafe.rows("SELECT FROM purchases")) > 5, "hardly a PIN was taken for one"


STRANGER_TYPES = {
    "a whole log line": (f"log 0803 123 4567 5000 {PIN}",),
    "a whole log line in halves": ("log 0803 123 4567 5000 918 273",),
    "a whole log line with a slash": ("log 0803 123 4567 5000 918/273",),
    "a log line without its word": (f"08031234567 5000 {PIN}", "0803 123 4567 5000 91–82–73", f"08031234567 5000{PIN}"),
    "a PIN behind a code": (f"593-RCXJ {PIN}", "593-RCXJ 918.273", f"5 9 3 R C X J {PIN}"),
    "a PIN": (PIN, "918 273", "918/273"),
    "a PIN in a sentence": (f"hi it's Amaka from home, my pin is {PIN}",),
    "a PIN in a question": (f"is the pin {PIN} or 605142?",),
    "a PIN in words": ("nine one eight two seven three",),
}


async def test_a_pin_typed_on_a_private_phone_rests_nowhere(
    cafe: Shop, owner: asyncpg.Connection, log: StringIO
) -> None:
    """Invariant 31: staff who write from another phone are customers to us; their first words are kept as the
    consent's source.
    """
    for place, said in enumerate(STRANGER_TYPES.values()):
        stranger = cafe.phone(f"+23480355500{place:02d}")
        await stranger.says(*said)
        await stranger.says("book", *said)
    await nothing_leaks(owner, cafe, log, *PINS, *SPOKEN)


async def test_a_pin_spoken_on_a_call_rests_nowhere(cafe: Shop, owner: asyncpg.Connection, log: StringIO) -> None:
    """Invariant 31."""
    await cafe.phone(CHIOMA).says("hi")
    for said in SPOKEN:
        call = cafe.call(AMAKA)
        await call.dials()
        await call.says(said, f"my pin is {said}", "log a purchase", "0803 123 4567", "5000", f"{said}.")
        await call.keys(PIN)
        await call.ends()
    await nothing_leaks(owner, cafe, log, *PINS, *SPOKEN)
    assert len(await cafe.rows("SELECT FROM purchases")) == len(SPOKEN)


SHAPES = {
    "a line": ("log 0803 123 4567 5000 {pin}", "sale 08031234567 N5000 {pin}", "Log: 08031234567, 5000, {pin}"),
    "a line, glued": ("log 08031234567 5000{pin}", "log 08031234567 500{pin}", "log 08031234567{pin}"),
    "a line, turned round": ("log {pin} 0803 123 4567 5000", "log {pin} +234 803 123 4567", "log 5000 {pin}"),
    "a bare line": ("08031234567 5000 {pin}", "0803 123 4567 5000{pin}", "08031234567, {pin}", "+2348031234567 {pin}"),
    "told": ("my pin is {pin}, right?", "did you get the PIN {pin} or not"),
    "with a code": ("593-RCXJ {pin}", "593rcxj {pin} please", "5 9 3 R C X J {pin}"),
    "alone": ("{pin}",),
}
ASKED_OF_STAFF = {
    "in passing": ("why is {pin} refused?", "Okay {pin} thanks", "5000 {pin}", "5000{pin} done"),
    "with an answer": ("it's 0803 123 4567 and {pin}", "0803 123 4567, {pin}", "N5000 {pin}", "500{pin}", "take {pin}"),
}
GAPS = ("", " ", "  ", "-", ".", ",", "/", "–", "—", "_", "\u00a0", "\u200b", ". ", ", ", " - ", "\n", "*", "•")
QUESTIONS = (None, "customer", "amount")


def asking(question: str | None) -> ConversationState:
    frame = Frame(flow="purchase", version=1, awaiting=question) if question else None
    return ConversationState(current=frame)


@given(st.data())
def test_the_digits_of_a_pin_never_come_out_in_order(data: st.DataObject) -> None:
    """Whatever stands between them, and whoever types them where."""
    gaps = data.draw(st.lists(st.sampled_from(GAPS), min_size=5, max_size=5))
    pin = "".join(digit + gap for digit, gap in zip(PIN, [*gaps, ""], strict=True))
    is_staff = data.draw(st.booleans())
    shapes = [*SHAPES.values(), *(ASKED_OF_STAFF.values() if is_staff else ())]
    said = data.draw(st.sampled_from([shape for alike in shapes for shape in alike])).format(pin=pin)
    question = data.draw(st.sampled_from(QUESTIONS)) if is_staff else None
    setting = data.draw(st.sampled_from((LAGOS, NEW_YORK)))
    kept = masked(said, asking(question), setting, is_staff=is_staff)
    assert PIN not in re.sub(r"\D", "", kept), (said, kept)


@pytest.mark.parametrize(
    ("said", "question", "is_staff", "kept"),
    [
        ("I paid 150000", None, False, "I paid 150000"),
        ("I paid NGN 150,000 on 18/11/2026", None, False, "I paid NGN 150,000 on 18/11/2026"),
        ("Call me on 0803 123 4567", None, False, "Call me on 0803 123 4567"),
        ("+2348031234567", None, False, "+2348031234567"),
        ("18/11/26", None, False, "18/11/26"),
        ("sale on today?", None, False, "sale on today?"),
        ("log 0803 123 4567 5000", None, True, "log 0803 123 4567 5000"),
        (f"log 0803 123 4567 5000 {PIN}", None, True, f"log 0803 123 4567 5000 {MASK}"),
        (f"08031234567 5000 {PIN}", None, False, f"08031234567 5000 {MASK}"),
        ("log 0803 123 4567 5000 918.27", None, True, f"log {MASK}"),
        ("log 0803 123 4567 N5000 593-RCXJ", None, True, f"log {MASK}"),
        (f"593-RCXJ {PIN}", None, False, f"{MASK} {MASK}"),
        ("is 0803 123 4567 with us?", None, True, f"is {MASK} with us?"),
        ("it's 0803 123 4567", "customer", True, "it's 0803 123 4567"),
        ("N150000", "amount", True, "N150000"),
        ("it was 1,500,000", "amount", True, "it was 1,500,000"),
    ],
)
def test_what_is_no_secret_stays_readable(said: str, question: str | None, is_staff: bool, kept: str) -> None:
    assert masked(said, asking(question), LAGOS, is_staff=is_staff) == kept


async def issue(cafe: Shop) -> str:
    """Chioma has points and asks for a reward; the code she is sent."""
    await cafe.phone(CHIOMA).says("hi")
    await cafe.phone(TUNDE).says(f"log 0803 123 4567 50000 {TUNDES_PIN}")
    issued = await cafe.phone(CHIOMA).says("redeem", "1")
    code = re.search(r"\b[2-9A-Z]{3}-[2-9A-Z]{4}\b", issued)
    assert code is not None, issued
    return code.group().replace("-", "")


def mistyped(code: str) -> str:
    return code[:-1] + ("A" if code[-1] != "A" else "B")


async def test_a_code_stands_only_in_what_is_sent(cafe: Shop, owner: asyncpg.Connection, log: StringIO) -> None:
    code = await issue(cafe)
    assert sum(code in sent.body.replace("-", "") for sent in cafe.town.sender.sent) == 1
    await nothing_leaks(owner, cafe, log, *code_ways(code))
    (row,) = await cafe.rows("SELECT body, sealed_body FROM messages WHERE triggered_by = 'redemption-issued'")
    assert row.sealed_body is None, "sent, and still kept"
    assert "••••••" in row.body


def code_ways(code: str) -> list[str]:
    return [code, f"{code[:3]}-{code[3:]}", f"{code[:3]} {code[3:]}", " ".join(code)]


async def test_a_code_that_waits_to_be_sent_is_sealed(cafe: Shop, owner: asyncpg.Connection, log: StringIO) -> None:
    await issue(cafe)
    chioma = cafe.phone(CHIOMA)
    await chioma.posts("redeem", "1")
    await cafe.town.services.reception.finish()
    (row,) = await cafe.rows("SELECT sealed_body FROM messages WHERE triggered_by ~ 'issued' AND status = 'queued'")
    assert row.sealed_body
    await cafe.settle()
    code = re.findall(r"\b[2-9A-Z]{3}-[2-9A-Z]{4}\b", chioma.received()[-1].body)[0]
    assert code.encode() not in row.sealed_body
    await nothing_leaks(owner, cafe, log, *code_ways(code.replace("-", "")))


CODE_TYPES = {
    "as printed": ("{printed}", TUNDES_PIN),
    "without hyphen, small": ("{small}", TUNDES_PIN),
    "with a space": ("{spaced}", TUNDES_PIN),
    "spelled out": ("{spelled}", TUNDES_PIN),
    "in a sentence": ("the customer says {printed}", "Please check {printed} for me"),
    "in brackets": ("({printed})", '"{small}"'),
    "with a word": ("code {printed}", TUNDES_PIN),
    "step by step": ("check code", "{printed}", TUNDES_PIN),
    "step by step, small": ("check code", "{small}", WRONG, TUNDES_PIN),
    "step by step, in a story": ("check code", "I think {printed}?", "hold on {small}"),
    "twice": ("{printed}", TUNDES_PIN, "{printed}", "{printed}?"),
    "mistyped": ("{mistyped}", "{printed}", TUNDES_PIN),
    "instead of the PIN": ("{printed}", "{printed}"),
    "with the PIN": (f"{{printed}} {TUNDES_PIN}", TUNDES_PIN),
    "in a question": ("is {printed} any good?",),
}


async def test_a_code_that_is_typed_rests_nowhere(cafe: Shop, owner: asyncpg.Connection, log: StringIO) -> None:
    """Invariant 31."""
    ways: list[str] = []
    for said in CODE_TYPES.values():
        code = await issue(cafe)
        slip = mistyped(code)
        written = {
            "printed": f"{code[:3]}-{code[3:]}",
            "small": code.lower(),
            "spaced": f"{code[:3]} {code[3:]}".lower(),
            "spelled": " ".join(code),
            "mistyped": f"{slip[:3]}-{slip[3:]}",
        }
        await cafe.phone(TUNDE).says(*(one.format(**written) for one in said), "cancel", "cancel")
        await cafe.phone(CHIOMA).says("my code is {printed}".format(**written), "is {small} my code?".format(**written))
        cafe.town.clock.pass_by(hours=1)
        ways += [*code_ways(code), *code_ways(slip)]
    await nothing_leaks(owner, cafe, log, *ways, *PINS)
    assert len(await cafe.rows("SELECT FROM reward_redemptions WHERE status = 'fulfilled'")) >= 8


async def test_a_code_read_out_on_a_call_is_forgotten(cafe: Shop, owner: asyncpg.Connection, log: StringIO) -> None:
    """It is kept sealed for as long as the request may be repeated, and no longer."""
    await issue(cafe)
    call = cafe.call(CHIOMA)
    await call.dials()
    words = (await call.says("redeem", "1")).words
    code = re.sub(r"\W", "", re.findall(r"\b(?:[2-9A-Z] ){2}[2-9A-Z], (?:[2-9A-Z] ){3}[2-9A-Z]\b", words)[0])
    await nothing_leaks(owner, cafe, log, *code_ways(code))
    kept = "SELECT FROM messages WHERE sealed_body IS NOT NULL"
    assert len(await cafe.rows(kept)) == 1
    cafe.town.clock.now += SECRETS_KEPT
    cafe.town.clock.pass_by(seconds=1)
    await cafe.runs("wipe_secrets")
    assert await cafe.rows(kept) == []


async def test_what_a_failing_turn_logs_holds_no_secret(cafe: Shop, owner: asyncpg.Connection, log: StringIO) -> None:
    """Invariant 31: a traceback tells the values it failed on."""
    await cafe.phone(AMAKA).says("hi")
    await owner.execute(
        "UPDATE customers SET conversation_state = '{\"current\": 5}' WHERE tenant_id = $1", cafe.tenant_id
    )
    await cafe.phone(AMAKA).says(f"log 0803 123 4567 5000 {PIN}")
    assert "turn_" in log.getvalue()
    await nothing_leaks(owner, cafe, log, *PINS)


async def test_a_phone_number_stands_in_no_line_of_the_log(cafe: Shop, log: StringIO) -> None:
    await cafe.phone(CHIOMA).says("hi", "points")
    await cafe.town.client.post("/webhooks/twilio/messages", data=cafe.town.form(CHIOMA, cafe.number, "hi", "sms"))
    assert CHIOMA.removeprefix("+") not in log.getvalue()


async def test_events_keep_nothing_once_they_are_answered(cafe: Shop) -> None:
    await cafe.phone(CHIOMA).says("hi", "points")
    rows = await cafe.rows("SELECT payload, processed_at FROM inbound_events")
    assert len(rows) == 2
    assert all(row.payload is None and row.processed_at is not None for row in rows)
