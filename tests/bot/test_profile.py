"""Customers see what is known of them and put it right."""

import pytest

from tests.bot.town import Shop

SAM = "+14155550177"


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
async def test_a_customer_puts_his_details_right(consultancy: Shop, channel: str) -> None:
    sam = consultancy.phone(SAM, channel)
    await sam.says("hi")
    assert "Email: not known" in await sam.says("my details")
    assert "email address" in await sam.says("my email")
    assert "doesn't look like" in await sam.says("sam at home")
    assert "noted" in await sam.says("Sam@Example.com")
    await sam.says("my details", "1", "Samuel Lee")
    await sam.says("my details", "3", "Acme Tiles")
    assert "noted" in await sam.says("my details", "4", "email")
    shown = await sam.says("my details")
    assert "Name: Samuel Lee" in shown
    (row,) = await consultancy.rows("SELECT * FROM customers WHERE phone_number = :sam", sam=SAM)
    assert (row.first_name, row.last_name, row.email) == ("Samuel", "Lee", "sam@example.com")
    assert (row.company, row.preferred_contact_method) == ("Acme Tiles", "email")
    logged = await consultancy.rows("SELECT user_type, new_values FROM audit_logs ORDER BY id")
    assert [(one.user_type, one.new_values["changed"]) for one in logged] == [
        ("customer", ["email"]),
        ("customer", ["first_name", "last_name"]),
        ("customer", ["company"]),
        ("customer", ["preferred_contact_method"]),
    ]
