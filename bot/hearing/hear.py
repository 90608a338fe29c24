"""Text to commands, by rule. The order is the meaning:

opt-out · a secret that is waited for · a tap, number or name of what was offered · global words · the open question's
own senses · what the business can do · a question to the business.

A global word counts only as a whole message, and after what was offered by that very name: so it never steals an answer
that holds it ("help the children"). STOP and asking for a person are the exceptions.
"""

from collections.abc import Sequence

from bot.channels.inbound import Inbound
from bot.hearing import offered
from bot.hearing.codes import JOIN, brought
from bot.hearing.spelling import respelled
from bot.hearing.staff_lines import astray, interrupts, staff_line, whole_line
from bot.hearing.vocabulary import Vocabulary, near_miss, normal, vocabulary
from flows import senses
from flows.commands import Ask as Question
from flows.commands import (
    Back,
    Cancel,
    Choose,
    Command,
    Fill,
    Human,
    OptIn,
    OptOut,
    Repeat,
    Restart,
    Skip,
    Start,
    Unclear,
    Undo,
)
from flows.context import TurnContext
from flows.registry import FLOWS, HOUSE
from flows.reply import Choice
from flows.senses.why_line import read_why_line
from flows.state import ConversationState
from flows.tables import Ask
from models.base import Channel

GLOBAL: dict[str, Command] = {
    "cancel": Cancel(),
    "back": Back(),
    "restart": Restart(),
    "repeat": Repeat(),
    "skip": Skip(),
    "undo": Undo(),
}
FREE_TEXT = frozenset({senses.address.name, senses.text.name, senses.name.name, senses.note.name})
"""Senses that understand nearly everything."""
SHORT = 3
"""A message of so many words that holds a flow's phrase means the flow, even when it is put as a question; one of
fewer is no question to the business."""


class Ear:
    """Hears one message of one conversation."""

    def __init__(self, state: ConversationState, context: TurnContext) -> None:
        self.state = state
        self.context = context
        self.words: Vocabulary = vocabulary(context.locale.split("_")[0])
        self.kept = ""

    def hear(self, inbound: Inbound, kept: str) -> list[Command]:
        """What the message means; the first rule that understands it wins. `kept` is what may be kept of it."""
        said, self.kept = normal(inbound.text), kept
        consent = self._consent(said)
        if consent is not None:
            return [consent]
        silent = inbound.kind == "call" and not inbound.text.strip()
        heard: list[Command] = [Repeat()] if silent else self._understood(inbound, said, kept)
        if inbound.media and (pictured := self._pictured(inbound, said)) is not None:
            heard = [pictured]
        if not self._joins_now():
            return heard
        welcome = Start("join", slots=brought(inbound.text), said=kept[:200])
        return [welcome, *heard] if _says_more(heard[0]) else [welcome]

    def _pictured(self, inbound: Inbound, said: str) -> Command | None:
        """A customer's picture may be a receipt; with other words to it, the words count."""
        picture = inbound.media[0]
        called_one = self.words.receipts.find(said)
        # "receipt 77123" is its number rather than what it comes to
        total = None if called_one else senses.money.hear(inbound.text, self.context.setting())
        is_receipt = not said or bool(called_one) or total is not None
        if picture.content_type.startswith("image/") and self.context.staff is None and is_receipt:
            told = {} if total is None else {"amount": total}
            return Start("receipt", slots={"url": picture.url, **told}, said=inbound.text)
        return None if inbound.text.strip() else Start("attachment")

    def _joins_now(self) -> bool:
        """Writing to the shop makes a customer a member; calling it does not."""
        customer = self.context.customer
        written = self.context.channel is not Channel.VOICE
        return written and customer.joined_at is None and self.context.staff is None and customer.opted_in

    def _consent(self, said: str) -> Command | None:
        if self.context.channel is Channel.VOICE:
            return None
        by_sms = self.context.channel is Channel.SMS
        if said in (self.words.opt_out_sms if by_sms else self.words.opt_out) or self.words.opt_out_phrases.find(said):
            return OptOut()
        opt_in = self.words.opt_in_sms if by_sms else self.words.opt_in
        return OptIn() if said in opt_in and not self.context.customer.opted_in else None

    def _understood(self, inbound: Inbound, said: str, kept: str) -> list[Command]:
        ask = self._open_question()
        text = inbound.text
        if ask is not None and ask.secret:
            secret = self._sensed(ask, text)
            if secret is not None:
                return [Fill(ask.state.value, secret)]
        if said in self.words.human or self.words.human_phrases.find(said):
            return [Human()]
        if picked := self._picked(inbound, said, ask):
            return picked
        if ask is not None and self.state.current is not None and FLOWS[self.state.current.flow].is_optional:
            self.state.let_go()
            ask = self._open_question()
        return (
            self._global(said)
            or self._begun_anew(said, kept)
            or self._named(text, said, kept)
            or whole_line(text, self.context)
            or self._volunteered(ask, text, said)
            or (self._answer(ask, text, said) if ask is not None and not ask.secret else [])
            or staff_line(text, self.context, is_idle=self.state.current is None)
            or self._why(text)
            or self._join_code(text, said, kept)
            or self._flow(text, said, kept)
            or self._correction(ask, text)
            or self._flow_at_a_time(text, said, kept)
            or self._misspelt(text, kept)
            or self._question(text, said, kept)
        )

    # -- the open question -----------------------------------------------------------------------------------

    def _open_question(self) -> Ask | None:
        frame = self.state.current
        if frame is None or frame.flow not in FLOWS or frame.awaiting is None:
            return None
        return FLOWS[frame.flow].by_state.get(frame.awaiting)

    def _picked(self, inbound: Inbound, said: str, ask: Ask | None) -> list[Command]:
        """A tap, a number or the very label of something offered; of news, its yes or no as well."""
        if news := self._of_news(inbound, said, offered.news(self.context, is_asked=ask is not None)):
            return [Choose(news.id)]
        choices = self.state.offered()
        choice = offered.pick(inbound.choice_id, said, choices) or self._of_the_same(said, choices)
        if choice is None and len(choices) == 1 and choices[0].id.startswith("start:"):
            choice = choices[0] if self._agrees(inbound.text, said) else None
        if choice is None:
            last = offered.last_list(self.context, self.state, is_asked=ask is not None)
            choice = offered.standing(self.context, inbound.choice_id, said) or self._of_news(inbound, said, last)
            return [Choose(choice.id)] if choice else []
        if choice.id == "undo" or choice.id.startswith("start:") or ask is None:
            return [Choose(choice.id)]
        return [Fill(ask.state.value, choice.id)]

    def _of_news(self, inbound: Inbound, said: str, news: Sequence[Choice]) -> Choice | None:
        if not news or (picked := offered.pick(inbound.choice_id, said, news)):
            return picked if news else None
        if inbound.choice_id or self._global(said) or self._flow(inbound.text, said, kept=""):
            return None
        return offered.by_yes_or_no(inbound.text, self.context, news)

    def _of_the_same(self, said: str, choices: Sequence[Choice]) -> Choice | None:
        """A word of the menu for what is offered here with its answers: "waiting list" for this service, this day."""
        named = self.words.flows.get(said)
        return next((one for one in choices if named and one.id.startswith(f"start:{named}?")), None)

    def _agrees(self, text: str, said: str) -> bool:
        """A yes to the one thing offered; "book" would be one to "Shall I book it?", and is none to a reward."""
        if self._global(said) or self._flow(text, said, kept=""):
            return False
        return senses.yes_or_no.hear(text, self.context.setting()) is True

    def _answer(self, ask: Ask, text: str, said: str) -> list[Command]:
        if any(sense.name in FREE_TEXT for sense in ask.hears) and self._asks_something_else(text, said):
            return []
        if senses.name in ask.hears and self.context.staff is not None and said in self.words.staff:
            return []  # nobody is called "pending"
        if corrected := self._another_day(ask, text):
            return corrected
        value = self._sensed(ask, self._in_any_words(ask, text))
        if value is None:
            return self._yes_or_no_to_a_list(ask, text, said) or self._time_first(ask, text)
        if isinstance(value, str) and value.startswith("start:"):
            return [Choose(value)]  # something else that was offered beside the answers
        told = Fill(ask.state.value, value)
        return self._refused(ask, text, said) if value is False else [*self._further(ask, text), told]

    def _refused(self, ask: Ask, text: str, said: str) -> list[Command]:
        """What a no to a question means; of "no, monday" what would be right is told at once, and "no show" is none."""
        if self._is_of_staff(said):
            return []
        return self._correction(ask, text) or [Fill(ask.state.value, value=False)]

    def _in_any_words(self, ask: Ask, text: str) -> str:
        """Where staff may answer in any words a PIN may stand among them: the answer is what may be kept."""
        is_free = any(sense.name in FREE_TEXT for sense in ask.hears)
        return self.kept if is_free and self.context.staff is not None else text

    def _volunteered(self, ask: Ask | None, text: str, said: str) -> list[Command]:
        """What may be told at any question of the open flow, and the answer that stands beside it.

        "Add a note: the gate code is 12" is all note; "for my daughter Ada, friday at 3" names a day and a time too.
        """
        if ask is None or ask.secret or self.state.current is None:
            return []
        setting = self.context.setting()
        for other in FLOWS[self.state.current.flow].asks:
            told = (sense.spot(text, setting) for sense in other.hears) if other.volunteered else ()
            value = next((value for value in told if value is not None), None)
            if value is not None:
                anything = any(sense.name in FREE_TEXT for sense in ask.hears) or isinstance(value, str)
                answered = [] if anything else self._answer(ask, text, said)
                return [Fill(other.state.value, value), *(one for one in answered if isinstance(one, Fill))]
        return []

    def _another_day(self, ask: Ask, text: str) -> list[Command]:
        """A day named at a question for a time: "friday at 3" is no time of the day that is talked about."""
        if senses.clock not in ask.hears or not {senses.day, senses.period}.isdisjoint(ask.hears):
            return []
        return self._correction(ask, text) if senses.day.spot(text, self.context.setting()) else []

    def _time_first(self, ask: Ask, text: str) -> list[Command]:
        """A time alone at the question for a day is kept until its own question comes."""
        told = self._further(ask, text)
        return [*told, Repeat()] if told and senses.day in ask.hears else []

    def _yes_or_no_to_a_list(self, ask: Ask, text: str, said: str) -> list[Command]:
        """Yes to the only thing offered takes it; no to a list leaves it."""
        choices = self.state.offered()
        agreed = senses.yes_or_no.hear(text, self.context.setting()) if senses.choice in ask.hears and choices else None
        if agreed is False and self._is_of_staff(said):
            return []
        if agreed is False:
            return [Repeat() if choices[0].id.startswith("start:") else Cancel()]
        answers = [choice for choice in choices if not choice.id.startswith("start:")]
        return [Fill(ask.state.value, answers[0].id)] if agreed and len(answers) == 1 else []

    def _sensed(self, ask: Ask, text: str) -> object | None:
        setting = self.context.setting(self.state.offered())
        return next((value for sense in ask.hears if (value := sense.hear(text, setting)) is not None), None)

    def _further(self, ask: Ask, text: str) -> list[Command]:
        """A time said together with the day answers the next question too."""
        questions = FLOWS[self.state.current.flow].asks if self.state.current else ()
        later = (other for other in questions[questions.index(ask) + 1 :] if senses.clock in other.hears)
        other = next(later, None)
        if other is None or senses.clock in ask.hears:
            return []
        setting = self.context.setting()
        told = (sense.spot(text, setting) for sense in (senses.clock, senses.same_time) if sense in other.hears)
        time = next((time for time in told if time is not None), None)
        return [Fill(other.state.value, time, ahead=True)] if time is not None else []

    def _correction(self, ask: Ask | None, text: str) -> list[Command]:
        """An answer to an earlier question of the flow, given anew."""
        if ask is None or self.state.current is None:
            return []
        setting = self.context.setting()
        answered = [
            other for other in FLOWS[self.state.current.flow].asks if other.state.value in self.state.current.slots
        ]
        for other in answered:
            values = (sense.spot(text, setting) for sense in other.hears if _is_telling(sense))
            value = next((value for value in values if value is not None), None)
            is_of_the_day = isinstance(value, senses.Period) and not value.has_days and senses.clock not in other.hears
            if value is not None and not is_of_the_day:  # "the afternoon instead" leaves the day
                return [*self._further(other, text), Fill(other.state.value, value)]
        return []

    # -- beyond it -------------------------------------------------------------------------------------------

    def _global(self, said: str) -> list[Command]:
        """A command, or a look at something: "points" is no reward, though "(100 points)" stands behind one."""
        meaning = self.words.commands.get(said)
        if said in self.words.alone and self._is_idle():
            return [Start(self.words.alone[said])]  # there is nothing else that it could be about
        if meaning:
            return [GLOBAL[meaning]]
        look = self.words.flows.get(said)
        return [Start(look)] if look and FLOWS[look].is_brief and self.state.current is not None else []

    def _is_idle(self) -> bool:
        """Whether a customer talks about nothing."""
        return self.context.staff is None and self.state.current is None and not self.state.stack

    def _begun_anew(self, said: str, kept: str) -> list[Command]:
        """The open flow's own opening with more behind it: another thing is to be booked than the one talked about."""
        frame = self.state.current
        opened = self.words.openings.get(said.split(" ", 1)[0])
        return [Start(opened, said=kept)] if frame and opened == frame.flow and said.count(" ") > 1 else []

    def _named(self, text: str, said: str, kept: str) -> list[Command]:
        """An appointment by its reference: "cancel INT-20260115-0001K" goes straight there."""
        reference = senses.reference.spot(text, self.context.setting())
        if reference is None or self.context.staff is not None:  # staff name those of others
            return []
        verbs = (self.words.verbs[word] for word in said.split() if word in self.words.verbs)
        return [Start(next(verbs, "appointments"), slots={"reference": reference}, said=kept)]

    def _why(self, text: str) -> list[Command]:
        """`why 12 points?`, and of staff `why 0803 123 4567`: a question that the ledger answers, not the FAQ."""
        line = read_why_line(text, self.context.setting(), is_staff=self.context.staff is not None)
        return [Start("why", slots=line.slots())] if line is not None else []

    def _join_code(self, text: str, said: str, kept: str) -> list[Command]:
        """`JOIN LEKKI`, the code alone, or with a friend's code: the business's word on whether it counts is join's."""
        named, friend = JOIN.search(said), brought(text)
        code = named.group(1).upper() if named else said.upper()
        is_join = code == self.context.tenant.vendor_code or (friend and (named or said.upper() == friend["code"]))
        return [Start("join", slots=friend, said=kept[:200])] if is_join else []

    def _flow(self, text: str, said: str, kept: str) -> list[Command]:
        whole, phrases = self.words.flows, self.words.flow_phrases
        if self._is_of_staff(said):
            whole, phrases = self.words.staff, self.words.staff_phrases
        if (named := whole.get(said) or near_miss(said, whole)) is not None:
            return [Start(named, said=kept if whole is self.words.staff else "")]
        found = phrases.find(said)
        opened = self.words.openings.get(said.split(" ", 1)[0])
        if found is None and opened is not None and " " in said:
            return [Start(opened, said=kept)]
        if found is None:
            return []
        name, phrase = found
        if " " not in phrase and self._is_question(text, said) and len(said.split()) > SHORT:
            return []
        return [Start(name, said=kept)]

    def _is_of_staff(self, said: str) -> bool:
        """Words that mean something to those who work here."""
        return self.context.staff is not None and (
            said in self.words.staff or self.words.staff_phrases.find(said) is not None
        )

    def _flow_at_a_time(self, text: str, said: str, kept: str) -> list[Command]:
        """What says little by itself and much beside a time: "do you have anything on friday?", "is 3pm free?"."""
        if senses.stretch.spot(text, self.context.setting()) is None:
            return []
        found = self.words.flows_with_time.find(said)
        ending = self.words.endings.get(said.rsplit(" ", 1)[-1]) if self._is_question(text, said) else None
        name = found[0] if found else ending
        return [Start(name, said=kept)] if name else []

    def _misspelt(self, text: str, kept: str) -> list[Command]:
        """What it would be with the slips put right, if there are any: "i want to bok a call tommorow"."""
        language = self.context.locale.split("_")[0]
        meant = respelled(text, language)
        if meant == text:
            return []
        said, kept = normal(meant), respelled(kept, language)
        return self._flow(meant, said, kept) or self._flow_at_a_time(meant, said, kept)

    def _question(self, text: str, said: str, kept: str) -> list[Command]:
        if not said:
            return [Unclear()]  # "???"
        if self.words.greeting.fullmatch(said):
            return [Start(HOUSE.menu)] if self.state.current is None else [Repeat()]
        if self.words.thanks.fullmatch(said) and self.state.current is None:
            return [Start("thanks")]
        if line := astray(text, self.context):
            return line
        several = len(said.split()) >= SHORT
        if self._is_question(text, said) or (several and self.state.current is None):
            return [Question(kept)]
        return [Unclear()]

    def _asks_something_else(self, text: str, said: str) -> bool:
        """Where any words will do: no address is a word of the menu, a day, a time, or a question without a figure."""
        setting = self.context.setting()
        frame = self.state.current
        if frame is not None and interrupts(text, said, self.words, self.context, frame.flow):
            return True
        if said in self.words.flows or senses.clock.spot(text, setting) or senses.day.spot(text, setting):
            return True
        return self._is_question(text, said) and not any(character.isdigit() for character in text)

    def _is_question(self, text: str, said: str) -> bool:
        return text.rstrip().endswith("?") or said.split(" ", 1)[0] in self.words.questions


def _is_telling(sense: senses.Sense[object]) -> bool:
    """Whether the sense finds an answer in a sentence by itself, without something offered to compare with."""
    return sense is senses.address or (sense is not senses.choice and sense.name not in FREE_TEXT)


def _says_more(command: Command) -> bool:
    """Whether there is something to do besides the welcome of a first message."""
    if isinstance(command, Start):
        return command.flow not in ("join", HOUSE.menu)
    return not isinstance(command, Unclear | Repeat | Cancel)
