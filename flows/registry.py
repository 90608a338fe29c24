"""Everything that can be talked about, written out by hand."""

from collections.abc import Mapping
from types import SimpleNamespace

from flows.achievements import Achievements
from flows.adjustment import Adjustment
from flows.appointments import Appointments
from flows.approval import Approval
from flows.attachment import Attachment
from flows.availability import Availability
from flows.best_customers import BestCustomers
from flows.birthday import Birthday
from flows.block import Block
from flows.booking import Booking
from flows.booking_review import BookingReview
from flows.campaigns import Campaigns
from flows.cancellation import Cancellation
from flows.confirmation import Confirmation
from flows.day import Day, UpNext
from flows.day_off import DayOff
from flows.digest import Digest
from flows.flow import Flow
from flows.follow_ups import FollowUps
from flows.fulfilment import Fulfilment
from flows.held_reward import HeldReward
from flows.history import History
from flows.join import Join
from flows.look_up import LookUp
from flows.menu import Menu
from flows.offer import OfferAnswer
from flows.opt_in import OptIn
from flows.opt_out import OptOut
from flows.person import Person
from flows.points import Points
from flows.profile import Profile
from flows.projects import Projects
from flows.purchase import Purchase
from flows.question import Question
from flows.receipt import Receipt
from flows.redemption import Redemption
from flows.referral import Referral
from flows.referral_review import ReferralReview
from flows.refills import Refills
from flows.reschedule import Reschedule
from flows.reversal import Reversal
from flows.staff_cancel import StaffCancel
from flows.staff_move import StaffMove
from flows.standing import Standing
from flows.thanks import Thanks
from flows.totals import Totals
from flows.trouble import Trouble
from flows.visit import VisitCard
from flows.visit_action import VisitAction
from flows.waiting import WaitingRoom
from flows.waitlist import Waitlist
from flows.waitlisted import Waitlisted
from flows.walk_in import WalkIn
from flows.why import Why

Registry = Mapping[str, type[Flow]]

FLOWS: Registry = {
    flow.name: flow
    for flow in (
        Adjustment,
        Appointments,
        Approval,
        Attachment,
        Availability,
        Booking,
        Cancellation,
        Confirmation,
        Digest,
        Fulfilment,
        HeldReward,
        History,
        Join,
        LookUp,
        Menu,
        OptIn,
        OptOut,
        Person,
        Points,
        Profile,
        Purchase,
        Question,
        Receipt,
        Redemption,
        Reschedule,
        Reversal,
        Thanks,
        Totals,
        Trouble,
        WaitingRoom,
        # who waits for a time
        OfferAnswer,
        Refills,
        Waitlist,
        Waitlisted,
        # points and why
        BestCustomers,
        Campaigns,
        Why,
        # where a customer stands
        Achievements,
        Birthday,
        Referral,
        ReferralReview,
        Standing,
        # staff run the day
        Block,
        BookingReview,
        Day,
        DayOff,
        FollowUps,
        Projects,
        StaffCancel,
        StaffMove,
        UpNext,
        VisitAction,
        VisitCard,
        WalkIn,
    )
}

STAFF_ONLY = frozenset(
    flow.name
    for flow in (
        Adjustment,
        Approval,
        BestCustomers,
        Block,
        BookingReview,
        Campaigns,
        Day,
        Digest,
        DayOff,
        FollowUps,
        Fulfilment,
        LookUp,
        Projects,
        Purchase,
        ReferralReview,
        Refills,
        Reversal,
        StaffCancel,
        StaffMove,
        Totals,
        UpNext,
        VisitAction,
        VisitCard,
        WaitingRoom,
        WalkIn,
    )
)
"""Flows that a customer cannot start, whatever he writes."""

HOUSE = SimpleNamespace(
    menu=Menu.name, question=Question.name, human=Person.name, opt_out=OptOut.name, opt_in=OptIn.name
)
"""The flows that the engine itself turns to."""
