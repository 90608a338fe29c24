"""What `tenants.settings` holds: the figures a business runs by."""

from typing import Self

from pydantic import BaseModel, ConfigDict

from models.people.leads import CONVERTED_REVENUE, HOT_REVENUE
from models.tenancy.tables import Tenant


class TenantSettings(BaseModel):
    """Amounts in minor units. Keys of a newer version are passed over: an older process can still read them.

    `reward_figures` are the stocks the business file spoke of last: only another figure there sets a stock.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    points_expire_after_days: int | None = None
    expiring_soon_days: int = 30
    purchase_ceiling: int | None = None
    categories: list[str] = []
    adjustment_threshold: int = 500
    receipts_per_day: int = 3
    return_window_days: int = 0
    expiry_notice_days: int = 3
    priority_days: int = 7
    referrals_per_month: int = 5
    referral_days: int = 90
    lead_hot_revenue: int = HOT_REVENUE
    lead_converted_revenue: int = CONVERTED_REVENUE
    undo_seconds: int = 60
    redemption_minutes: int = 15
    hold_minutes: int = 5
    reference_prefix: str = "REF"
    reminders: list[str] = ["24h", "2h"]
    waitlist_minutes: int = 15
    shared_numbers: list[str] = []
    reward_figures: dict[str, int | None] = {}

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        return cls.model_validate(tenant.settings)
