"""The demo in a terminal: who you are, what you say, what the bot answers."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rich.console import Console

from bot.channels.inbound import Inbound
from bot.console.cast import Example, Person
from bot.reception import Reception
from models.base import Channel
from models.db import Database
from models.messaging import thread
from models.tenancy.businesses import find

HELP = (
    "/shop N  another business · /as N  another person · /on whatsapp|sms|voice  another channel · "
    "/who  who is there · /quit"
)


def what_to_try(examples: Sequence[Example], url: str) -> str:
    """The demo's greeting on the terminal."""
    example = _first(examples)
    known = example.people[0]
    staff = next(person for person in example.people if person.role == "staff")
    lines = [
        f"Regulars is up: open {url}",
        "",
        f"Try, as {known.name} (a customer) of {example.name}: points · redeem · book · what time do you open?",
        f"Then, as {staff.name} ({staff.note}): {staff.tries[1]}",
        "Press Ctrl+C to stop; everything said is still there next time.",
    ]
    return "\n".join(lines)


def _first(examples: Sequence[Example]) -> Example:
    """The café, where all five jobs can be tried."""
    return next((example for example in examples if example.code == "LEKKI"), examples[0])


@dataclass(frozen=True, slots=True)
class Seat:
    """Where the reader sits just now."""

    example: Example
    person: Person
    channel: Channel


async def chat(db: Database, reception: Reception, examples: Sequence[Example]) -> None:
    """Reads lines until /quit or the end of input."""
    screen = Console(highlight=False)
    seat = Seat(_first(examples), _first(examples).people[0], Channel.WHATSAPP)
    screen.print(f"[dim]{HELP}[/]")
    _introduce(screen, seat)
    call = f"CA{secrets.token_hex(16)}"
    turn = 0
    while (line := await _read(f"{seat.person.name}> ")) is not None:
        if line.startswith("/"):
            if line.strip() in ("/quit", "/exit"):
                return
            seat = _moved(screen, seat, line, examples)
            call, turn = f"CA{secrets.token_hex(16)}", 0
            continue
        provider_id = f"{call}:{turn}" if seat.channel is Channel.VOICE else f"SM{secrets.token_hex(16)}"
        turn += 1
        await _say(screen, db, reception, seat, line, provider_id)


async def _say(screen: Console, db: Database, reception: Reception, seat: Seat, line: str, provider_id: str) -> None:
    inbound = Inbound(
        channel=seat.channel,
        line=seat.example.number,
        sender=seat.person.phone,
        text=line,
        provider_id=provider_id,
        name=None if seat.person.role == "new" else seat.person.name,
        kind="call" if seat.channel is Channel.VOICE else "message",
    )
    before = await _latest(db, seat.example)
    _, said = await reception.receive_and_wait(inbound)
    if said is not None:
        screen.print(f"[green]{said.body}[/]")
        _list_choices(screen, said.choices, "green")
    await _report_others(screen, db, seat, before)


async def _report_others(screen: Console, db: Database, seat: Seat, before: dict[str, int]) -> None:
    """What somebody else was told meanwhile: a receipt, a redemption."""
    for phone, seq in (await _latest(db, seat.example)).items():
        if phone == seat.person.phone or seq <= before.get(phone, 0):
            continue
        business = await find(db, seat.example.slug)
        if business is None:
            return
        async with db.tenant(business.id) as tx:
            for channel in Channel:
                for row in await thread.after(tx, phone=phone, channel=channel, seq=before.get(phone, 0)):
                    if row.direction == "outbound":
                        screen.print(f"[yellow](to {seat.example.name_of(phone) or phone}) {row.body}[/]")
                        _list_choices(screen, row.choices, "yellow")


def _list_choices(screen: Console, choices: Sequence[Mapping[str, str]], colour: str) -> None:
    for place, choice in enumerate(choices, start=1):
        screen.print(f"[{colour}]{place}. {choice['label']}[/]")


async def _latest(db: Database, example: Example) -> dict[str, int]:
    business = await find(db, example.slug)
    if business is None:
        return {}
    async with db.tenant(business.id) as tx:
        return await thread.latest(tx)


def _moved(screen: Console, seat: Seat, line: str, examples: Sequence[Example]) -> Seat:
    command, _, argument = line.partition(" ")
    place = int(argument) - 1 if argument.strip().isdecimal() else -1
    if command == "/shop" and 0 <= place < len(examples):
        seat = Seat(examples[place], examples[place].people[0], seat.channel)
    elif command == "/as" and 0 <= place < len(seat.example.people):
        seat = replace(seat, person=seat.example.people[place])
    elif command == "/on" and argument.strip() in tuple(Channel):
        seat = replace(seat, channel=Channel(argument.strip()))
    else:
        _list(screen, seat, examples)
        return seat
    _introduce(screen, seat)
    return seat


def _list(screen: Console, seat: Seat, examples: Sequence[Example]) -> None:
    screen.print(f"[dim]{HELP}[/]")
    for place, example in enumerate(examples, start=1):
        screen.print(f"[dim]/shop {place}  {example.name}[/]")
    for place, person in enumerate(seat.example.people, start=1):
        screen.print(f"[dim]/as {place}  {person.name} – {person.note}[/]")


def _introduce(screen: Console, seat: Seat) -> None:
    screen.print(
        f"[bold]You are {seat.person.name}[/] ({seat.person.note}), writing to {seat.example.name} on {seat.channel}. "
        f"Try: {' · '.join(seat.person.tries)}"
    )


async def _read(prompt: str) -> str | None:
    try:
        return await asyncio.to_thread(input, prompt)
    except EOFError:
        return None
