"""What the provider reports of a message later: applied forwards only, and only where it belongs."""

from datetime import timedelta
from uuid import uuid4

from models.db import Row
from tests.bot.town import Shop

CHIOMA = "+2348031234567"


async def last(shop: Shop) -> Row:
    """The newest outgoing message."""
    return (await shop.rows("SELECT * FROM messages WHERE direction = 'outbound' ORDER BY seq DESC LIMIT 1"))[0]


REPORTED = (
    (("queued", "sent", "delivered", "read"), "read"),
    (("delivered", "sent", "queued", "delivered"), "delivered"),
    (("read", "delivered"), "read"),
    (("sent", "undelivered", "sent"), "undelivered"),
    (("failed", "undelivered"), "failed"),
    (("undelivered", "delivered"), "delivered"),
    (("accepted", "sending"), "sending"),
)


async def test_reports_move_a_message_forwards_only(cafe: Shop) -> None:
    """They come in any order and more than once, and carry no time."""
    for reported, status in REPORTED:
        await cafe.phone(CHIOMA).says("points")
        sent = cafe.phone(CHIOMA).received()[-1]
        for word in reported:
            assert await cafe.town.reports(sent, word) == 204
        assert (await last(cafe)).status == status, reported


async def test_reports_leave_their_times_and_codes(cafe: Shop) -> None:
    chioma, clock = cafe.phone(CHIOMA), cafe.town.clock
    await chioma.says("points")
    (sent,) = chioma.received()
    await cafe.town.reports(sent, "undelivered", ErrorCode="30003")
    assert ((await last(cafe)).status, (await last(cafe)).error_code) == ("undelivered", "30003")
    delivered = clock.now = clock.now + timedelta(seconds=3)
    await cafe.town.reports(sent, "delivered", ErrorCode="0")
    clock.pass_by(seconds=4)
    await cafe.town.reports(sent, "read")
    row = await last(cafe)
    assert (row.delivered_at, row.read_at) == (delivered, clock.now)
    assert row.error_code == "30003", "that it failed on the way is worth knowing"


async def test_reports_on_what_is_not_there(cafe: Shop, consultancy: Shop) -> None:
    await cafe.phone(CHIOMA).says("points")
    (sent,) = cafe.phone(CHIOMA).received()
    ours, _, message = (sent.status_callback or "").rpartition("=")[2].partition(".")
    path = "/webhooks/twilio/status?message="
    form = {"MessageSid": cafe.town.sid(), "MessageStatus": "failed"}
    for unknown in (f"{ours}.{uuid4()}", f"{uuid4()}.{message}", f"{consultancy.tenant_id}.{message}"):
        assert (await cafe.town.post(path + unknown, form)).status == 404
    assert (await cafe.town.post(path + f"{ours}.{message}", {**form, "MessageStatus": "lost"})).status == 400
    assert (await cafe.town.client.post(path + f"{ours}.{message}", data=form)).status == 403
    assert (await last(cafe)).status == "sending"
