"""The examples say what they should, and every mistake is told in a line that its owner understands."""

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import BusinessFileError
from models.tenancy.business_file import BusinessFile
from tests.shops import EXAMPLES, example

SOUND = """
[business]
name = "Corner Shop"
slug = "corner-shop"
code = "CORNER"
country = "NG"
zone = "Africa/Lagos"
currency = "NGN"

[lines]
number = "+2348030000009"

[[staff]]
name = "Amaka"
phone = "+2348030000001"
role = "owner"

[hours]
monday = "09:00-17:00"

[[resources]]
name = "Chair"
kind = "places"

[[services]]
name = "Haircut"
slug = "haircut"
minutes = 30
resources = ["Chair"]
"""
CAMPAIGN = '[[loyalty.campaigns]]\nname = "A campaign"\nstarts = 2026-12-01\n'
RULE = '[[loyalty.rules]]\nname = "A rule"\n'
REWARD = '[[loyalty.rewards]]\nname = "Free coffee"\npoints = 100\n'
SERVICE = '[[services]]\nname = "Shave"\nslug = "shave"\nminutes = 15\nresources = ["Chair"]\n'
DATE = '[[dates]]\ndate = "2026-12-24"\n'
FAQ = '[[faqs]]\nquestion = "Open?"\nanswer = "Yes."\n'


def mistakes(text: str) -> list[str]:
    with pytest.raises(BusinessFileError) as raised:
        BusinessFile.parse(text, "shop.toml")
    return str(raised.value).splitlines()


def changed(old: str, new: str) -> str:
    assert old in SOUND
    return SOUND.replace(old, new)


def test_examples_are_as_the_readme_promises() -> None:
    told = {
        path.name: (file.business.name, file.business.code, file.lines.number, file.business.zone)
        for path in sorted(EXAMPLES.glob("*.toml"))
        for file in [BusinessFile.read(path)]
    }
    assert told == {
        "cafe.toml": ("Lekki Coffee House", "LEKKI", "+14155550101", "Africa/Lagos"),
        "carpet_cleaning.toml": ("Dirt Free Carpet", "DIRTFREE", "+14155550103", "America/Chicago"),
        "consultancy.toml": ("Northlight Software", "NORTH", "+14155550104", "America/New_York"),
        "laundry.toml": ("FreshFold Laundry", "FRESH", "+14155550102", "America/Chicago"),
    }


@pytest.mark.parametrize("name", ["cafe", "laundry", "carpet_cleaning", "consultancy"])
def test_every_example_shares_the_line_has_an_owner_points_and_faqs(name: str) -> None:
    file = example(name)
    assert file.lines.shared == ["+14155550100"]
    assert file.staff[0].role == "owner"
    assert all(member.pin is not None for member in file.staff)
    assert file.loyalty.rules
    assert file.loyalty.rewards
    assert len(file.faqs) >= 10
    assert all(3 <= len(faq.aliases) <= 6 for faq in file.faqs)


def test_amounts_become_minor_units_of_the_currency() -> None:
    rule = example("cafe").loyalty.rules[0]
    assert (rule.points, rule.per, rule.minimum) == (1, 100_00, 1_000_00)
    assert example("consultancy").services[1].price == 150_00
    yen = changed('"NGN"', '"JPY"').replace("minutes = 30", "minutes = 30\nprice = 1500")
    assert BusinessFile.parse(yen, "shop.toml").services[0].price == 1500


@given(st.integers(0, 10**12))
def test_no_amount_is_lost_on_its_way_through_text(minor: int) -> None:
    """With floats 0.29 becomes 28 kobo."""
    for written in (f"{minor // 100}.{minor % 100:02}", f'"{minor // 100}.{minor % 100:02}"'):
        text = changed("minutes = 30", f"minutes = 30\nprice = {written}")
        file = BusinessFile.parse(text, "shop.toml")
        assert file.services[0].price == minor


def test_hours_are_one_stretch_or_several_and_may_end_at_midnight() -> None:
    text = changed('monday = "09:00-17:00"', 'monday = ["18:00-24:00", "9:00 – 12:30"]')
    monday = BusinessFile.parse(text, "shop.toml").hours.monday
    assert [(window.start, window.end) for window in monday] == [
        (time(9), time(12, 30)),
        (time(18), time(0)),
    ]


def test_phones_may_be_written_with_spaces() -> None:
    text = changed('"+2348030000009"', '"+234 803 000 0009"')
    assert BusinessFile.parse(text, "shop.toml").lines.number == "+2348030000009"


def test_several_mistakes_are_told_at_once_each_with_file_and_key() -> None:
    text = changed('"Africa/Lagos"', '"Africa"').replace("minutes = 30", "minutes = 0")
    assert mistakes(text) == [
        'shop.toml: business.zone: "Africa" is not a time zone, as in "Europe/Paris"',
        "shop.toml: services[0].minutes: must be more than 0",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (changed('name = "Corner Shop"\n', ""), "business.name: is missing"),
        (changed('"Corner Shop"', '" "'), "business.name: may not be empty, nor hold a NUL character"),
        (changed('"Corner Shop"', "5"), "business.name: must be text in quotes"),
        (
            changed('"Corner Shop"', '"Corner"\nnick = "C"'),
            "business.nick: is not known; known here: name, slug",
        ),
        (changed('"corner-shop"', '"Corner Shop"'), 'business.slug: "Corner Shop" is not a slug'),
        (
            changed('"CORNER"', '"no"'),
            'business.code: "no" is not a code: 3 to 20 capital letters and digits',
        ),
        (changed('"CORNER"', '"STOP"'), 'business.code: "STOP" means something else in a message'),
        (changed('"NG"', '"Nigeria"'), 'business.country: "Nigeria" is not a country, as in "NG" or "US"'),
        (changed('"Africa/Lagos"', '"Afrika/Lagos"'), '(did you mean "Africa/Lagos"?)'),
        (changed('"Africa/Lagos"', '"Lagos"'), '(did you mean "Africa/Lagos"?)'),
        (changed('"NGN"', '"NAIRA"'), 'business.currency: "NAIRA" is not a currency, as in "NGN" or "USD"'),
        (
            changed('"NGN"', '"NGN"\nlocale = "en-NG"'),
            'business.locale: "en-NG" is not a language, as in "en"',
        ),
        (changed('"+2348030000009"', '"0803 000 0009"'), "is not a phone number: write it in full, as in"),
        (
            changed('"+2348030000009"', '"+2348030000009"\nshared = ["+2348030000009"]'),
            'lines.shared[0]: "+2348030000009" is there already',
        ),
        (changed('"owner"', '"boss"'), "staff[0].role: must be 'owner', 'admin', 'staff'"),
        (changed('"owner"', '"owner"\npin = "4829"'), "staff[0].pin: a PIN is six digits in quotes"),
        (
            SOUND + '[[staff]]\nname = "B"\nphone = "+2348030000001"\nrole = "staff"\n',
            'staff[1].phone: "+2348030000001" is there already',
        ),
        (SOUND + RULE + 'type = "per_visit"\npoints = 1', "loyalty.rules[0].type: must be 'per_purchase'"),
        (
            SOUND + RULE + 'type = "per_amount_spent"\npoints = 1',
            "loyalty.rules[0].per: is missing: a per_amount_spent rule needs it",
        ),
        (
            SOUND + RULE + 'type = "milestone"\npoints = 1',
            "loyalty.rules[0].purchases: is missing: a milestone rule needs it",
        ),
        (
            SOUND + RULE + 'type = "per_purchase"\npoints = 1\nper = 100',
            "loyalty.rules[0].per: does not belong to a per_purchase rule",
        ),
        (
            SOUND + RULE + 'type = "per_amount_spent"\npoints = 1\nper = 0',
            "loyalty.rules[0].per: must be more than 0",
        ),
        (
            SOUND + RULE + 'type = "per_purchase"\npoints = 1.5',
            "loyalty.rules[0].points: must be a whole number",
        ),
        (
            SOUND + RULE + 'type = "birthday"\npoints = 1\nminimum = 5',
            "loyalty.rules[0].minimum: does not belong to a birthday rule",
        ),
        (
            SOUND + RULE + 'type = "birthday"\npoints = 1\nfriend_points = 5',
            "loyalty.rules[0].friend_points: does not belong to a birthday rule",
        ),
        (
            SOUND + RULE + 'type = "per_purchase"\npoints = 1\ncategories = ["drinks"]',
            'loyalty.rules[0].categories[0]: "drinks" is not under loyalty.categories',
        ),
        (
            SOUND + RULE + 'type = "per_purchase"\npoints = 1\nvalid_from = "next week"',
            'loyalty.rules[0].valid_from: "next week" is neither a day nor a time of one',
        ),
        (
            SOUND + RULE + 'type = "per_purchase"\npoints = 1\nvalid_from = 2026-12-24\nvalid_until = 2026-12-23',
            "loyalty.rules[0].valid_until: comes before the beginning",
        ),
        (
            SOUND + CAMPAIGN + 'type = "bonus_points"\nends = 2026-12-24',
            "loyalty.campaigns[0].points: is missing: a bonus_points campaign needs points",
        ),
        (
            SOUND + CAMPAIGN + 'type = "double_points"\npoints = 5\nends = 2026-12-24',
            "loyalty.campaigns[0].points: does not belong to a double_points campaign",
        ),
        (
            SOUND + CAMPAIGN + 'type = "reward_discount"\nends = 2026-12-24',
            "loyalty.campaigns[0].points: is missing: a reward_discount campaign needs points or percent",
        ),
        (
            SOUND + CAMPAIGN + 'type = "reward_discount"\npoints = 5\npercent = 5\nends = 2026-12-24',
            "loyalty.campaigns[0].percent: and points cannot both be: give one",
        ),
        (
            SOUND + CAMPAIGN + 'type = "reactivation"\npoints = 5\nends = 2026-12-24',
            "loyalty.campaigns[0].customers.inactive_days: is missing: a reactivation campaign needs it",
        ),
        (
            SOUND + CAMPAIGN + 'type = "double_points"\nends = 2026-11-30',
            "loyalty.campaigns[0].ends: comes before the beginning",
        ),
        (
            SOUND + CAMPAIGN + 'type = "reward_discount"\npercent = 5\nends = 2026-12-24\nrewards = ["Tea"]',
            'loyalty.campaigns[0].rewards[0]: "Tea" is not under loyalty.rewards',
        ),
        (
            SOUND + REWARD + REWARD.replace("Free coffee", "FREE COFFEE"),
            'loyalty.rewards[1].name: "FREE COFFEE" is there already',
        ),
        (SOUND + REWARD + "stock = -1", "loyalty.rewards[0].stock: must be at least 0"),
        (changed('"09:00-17:00"', '"9-17"'), 'hours.monday: "9-17" are not hours: write "09:00-17:00"'),
        (changed('"09:00-17:00"', '"22:00-06:00"'), 'hours.monday: "22:00-06:00" ends before it starts'),
        (
            changed('"09:00-17:00"', '["09:00-13:00", "12:00-17:00"]'),
            "hours.monday: ['09:00-13:00', '12:00-17:00'] overlaps",
        ),
        (changed("monday =", "montag ="), "hours.montag: is not known; known here: monday, tuesday"),
        (
            changed('monday = "09:00-17:00"', "") + '[services.hours]\nbreaks = {monday = "12:00-13:00"}',
            "services[0].hours: no day is open",
        ),
        (changed('monday = "09:00-17:00"', ""), "services[0].hours: is missing, and [hours] has no open day"),
        (changed('"places"', '"car"'), "resources[0].kind: must be 'person', 'vehicle', 'room' or 'places'"),
        (
            changed('"places"', '"person"\nstaff = "+2348030000002"'),
            'resources[0].staff: "+2348030000002" is nobody\'s phone under [[staff]]',
        ),
        (
            changed('["Chair"]', '["Sofa"]'),
            'services[0].resources[0]: "Sofa" is not under [[resources]]; there: "Chair"',
        ),
        (changed('["Chair"]', "[]"), "services[0].resources: needs at least 1"),
        (changed('resources = ["Chair"]', ""), "services[0].resources: needs at least 1"),
        (
            changed('resources = ["Chair"]', 'needs = [["Chair"], ["Sofa"]]'),
            'services[0].needs[1][0]: "Sofa" is not under [[resources]]; there: "Chair"',
        ),
        (
            changed('resources = ["Chair"]', 'needs = [["Chair", "Chair"]]'),
            'services[0].needs[0][1]: "Chair" is there already',
        ),
        (changed('resources = ["Chair"]', "needs = [[]]"), "services[0].needs[0]: needs at least 1"),
        (SOUND + 'needs = [["Chair"]]', "services[0].needs: stands in place of resources: write one of the two"),
        (SOUND + "cutoff_hours = -1", "services[0].cutoff_hours: must be at least 0"),
        (SOUND + "pending_hours = 0", "services[0].pending_hours: must be more than 0"),
        (SOUND + "[services.meeting]\nurl = 'x'", "services[0].meeting.platform: is missing"),
        (SOUND + DATE, "dates[0].closed: is missing: say closed = true, hours or max_bookings"),
        (SOUND + DATE + "closed = true\nmax_bookings = 2", "dates[0].closed: leaves no hours and no bookings"),
        (SOUND + DATE + 'max_bookings = 2\nresource = "Chair"', "dates[0].max_bookings: is for a service or for all"),
        (SOUND + DATE + 'closed = true\nservice = "shave"', 'dates[0].service: "shave" is not under [[services]]'),
        (SOUND + DATE + 'closed = true\nresource = "Sofa"', 'dates[0].resource: "Sofa" is not under [[resources]]'),
        (SOUND + 2 * (DATE + "closed = true\n"), 'dates[1].date: "2026-12-24" is there already'),
        (SOUND + '[[dates]]\ndate = "2026-12-24 18:00"', 'dates[0].date: "2026-12-24 18:00" is not a day'),
        (SOUND + SERVICE + SERVICE, 'services[2].slug: "shave" is there already'),
        (
            changed("minutes = 30", 'minutes = 30\nprice = "1,000"'),
            'services[0].price: "1,000" is not an amount',
        ),
        (changed("minutes = 30", "minutes = 30\nprice = true"), "services[0].price: True is not an amount"),
        (changed("minutes = 30", "minutes = 30\nprice = nan"), 'services[0].price: "NaN" is not an amount'),
        (
            changed("minutes = 30", "minutes = 30\nprice = 1.005"),
            'services[0].price: "1.005" has too many decimals: this currency has 2',
        ),
        (
            changed("minutes = 30", "minutes = 30\nrequires_payment = true"),
            "services[0].price: is missing: a service that requires payment has one",
        ),
        (
            changed("minutes = 30", 'minutes = 30\nasks = ["colour"]'),
            "services[0].asks[0]: must be 'seats', 'address', 'loads' or 'notes'",
        ),
        (SOUND + FAQ + FAQ, 'faqs[1].question: "Open?" is there already'),
        (changed("[lines]", "[line]"), "line: is not known; known here: business, lines, staff"),
        (SOUND.replace("[hours]", "[[hours]]"), "hours: must be a table of keys and values"),
    ],
)
def test_a_mistake_is_told_with_its_key_and_what_is_allowed(text: str, told: str) -> None:
    assert any(line.startswith("shop.toml: ") and told in line for line in mistakes(text)), mistakes(text)


def test_a_pin_is_not_repeated_in_the_complaint_about_it() -> None:
    with pytest.raises(BusinessFileError) as raised:
        BusinessFile.parse(changed('"owner"', '"owner"\npin = "1234567"'), "shop.toml")
    assert "1234567" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    assert "482915" not in repr(example("cafe"))


def test_a_slip_in_the_syntax_is_told_with_line_and_column() -> None:
    assert mistakes("[business]\nname = \n") == ["shop.toml: Invalid value (at line 2, column 8)"]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BusinessFileError, match=r"none\.toml: cannot be read"):
        BusinessFile.read(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"')
    with pytest.raises(BusinessFileError, match=r"latin\.toml: is not UTF-8 text"):
        BusinessFile.read(tmp_path / "latin.toml")
