"""The shared data model: tables, and the rules that keep them true. Every table is imported here by hand."""

from models.booking.ahead_tables import BookingReminder, WaitlistEntry, WaitlistOffer
from models.booking.tables import (
    AvailabilityOverride,
    AvailabilityTemplate,
    Booking,
    FollowUp,
    Resource,
    Service,
    ServiceResource,
)
from models.booking.taken_tables import BookingCounter, BookingResource, Closure
from models.loyalty.earning_tables import Campaign, ExpiryNotice, PurchaseReturn
from models.loyalty.standing_tables import (
    CustomerAchievement,
    LoyaltyAchievement,
    LoyaltyTier,
    Referral,
    TierEvent,
)
from models.loyalty.tables import (
    CustomerPointsBalance,
    PointsLot,
    PointsLotUse,
    PointsRule,
    PointsTransaction,
    Purchase,
    Reward,
    RewardRedemption,
)
from models.messaging.tables import (
    Call,
    Faq,
    Handoff,
    InboundEvent,
    Message,
    StandingOffer,
    Turn,
    UnansweredQuestion,
)
from models.operations.job_tables import BackgroundJob, CronJobLog
from models.operations.tables import Approval, AuditLog, OwnersDigest
from models.people.tables import Consent, Customer, CustomerInteraction, Project, User
from models.tenancy.tables import LineSession, PhoneLine, SharedLine, Tenant

TENANT_TABLES = (
    Approval,
    AuditLog,
    AvailabilityOverride,
    AvailabilityTemplate,
    BackgroundJob,
    Booking,
    BookingCounter,
    BookingResource,
    BookingReminder,
    Call,
    Campaign,
    Closure,
    Consent,
    CronJobLog,
    Customer,
    CustomerAchievement,
    CustomerInteraction,
    CustomerPointsBalance,
    ExpiryNotice,
    Faq,
    FollowUp,
    Handoff,
    InboundEvent,
    LoyaltyAchievement,
    LoyaltyTier,
    Message,
    OwnersDigest,
    PhoneLine,
    PointsLot,
    PointsLotUse,
    PointsRule,
    PointsTransaction,
    Project,
    Purchase,
    PurchaseReturn,
    Referral,
    Resource,
    Reward,
    RewardRedemption,
    Service,
    ServiceResource,
    StandingOffer,
    TierEvent,
    Turn,
    UnansweredQuestion,
    User,
    WaitlistEntry,
    WaitlistOffer,
)
"""Tables whose rows belong to one business: row-level security is enabled and forced on each."""

ROUTING_TABLES = (LineSession, SharedLine)
"""Tables that say which business is meant, before one is known: only the routing functions read them."""

__all__ = ["ROUTING_TABLES", "TENANT_TABLES", "Tenant"]
