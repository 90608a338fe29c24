"""The books of a shop at one moment: whatever they say must add up, also while others write."""

from asyncio import Event, create_task
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy import Executable, text

from tests.models.loyalty.shop import Shop

# each is one statement, so it sees one moment: what has been committed by then, and nothing of what has not
_WRONG = {
    "an account that is not the sum of its entries, or of what its lots have left and hold, less the debt": text("""
        SELECT account.customer_id, account.current_balance, account.held, account.debt, written, left_over, holding
        FROM customer_points_balance AS account,
        LATERAL (SELECT coalesce(sum(points), 0) AS written FROM points_transactions AS entry
                 WHERE entry.customer_id = account.customer_id) AS entries,
        LATERAL (SELECT coalesce(sum(remaining), 0) AS left_over FROM points_lots AS lot
                 WHERE lot.customer_id = account.customer_id) AS lots,
        LATERAL (SELECT coalesce(sum(held.points), 0) AS holding FROM points_lot_uses AS held
                 JOIN points_lots AS lot ON lot.id = held.lot_id
                 WHERE lot.customer_id = account.customer_id AND held.state = 'held') AS uses
        WHERE (current_balance, current_balance, account.held)
              IS DISTINCT FROM (written, left_over + account.held - debt, holding)
           OR current_balance <> total_points_earned - total_points_redeemed - total_points_expired + (
                 SELECT coalesce(sum(entry.points), 0) FROM points_transactions AS entry
                 WHERE entry.customer_id = account.customer_id AND entry.transaction_type = 'adjusted')
    """),
    "an entry of nobody's account": text("""
        SELECT id FROM points_transactions AS entry WHERE NOT EXISTS (
            SELECT FROM customer_points_balance AS account WHERE account.customer_id = entry.customer_id)
    """),
    "a lot that is not what is left of it and what was taken": text("""
        SELECT lot.id, lot.points, lot.remaining FROM points_lots AS lot
        WHERE remaining NOT BETWEEN 0 AND points OR points <> remaining + (
            SELECT coalesce(sum(used.points), 0) FROM points_lot_uses AS used
            WHERE used.lot_id = lot.id AND used.state <> 'returned')
    """),
    "a correction of nothing, of somebody else's, or of more than there was": text("""
        SELECT entry.id FROM points_transactions AS entry
        LEFT JOIN points_transactions AS wrong ON wrong.id = entry.reverses_id
        WHERE (entry.transaction_type = 'reversed') <> (entry.reverses_id IS NOT NULL)
           OR entry.customer_id <> wrong.customer_id
           OR sign(wrong.points) = sign(entry.points)
           OR abs(wrong.points) < (SELECT abs(sum(points)) FROM points_transactions WHERE reverses_id = wrong.id)
    """),
}
_WRONG_CODES = {
    "a code whose points are not where it says": text("""
        SELECT code.id, code.status FROM reward_redemptions AS code
        WHERE CASE code.status WHEN 'pending' THEN 'held' WHEN 'fulfilled' THEN 'posted' END IS NOT NULL
          AND code.points_deducted <> (
            SELECT coalesce(sum(used.points), 0) FROM points_lot_uses AS used
            WHERE used.reward_redemption_id = code.id
              AND used.state = CASE code.status WHEN 'pending' THEN 'held' ELSE 'posted' END)
    """),
}


async def check(shop: Shop) -> None:
    """Asserts that nothing is wrong in the ledger: invariants 15, 16 and 24."""
    await _find_none(shop, _WRONG)


async def check_all(shop: Shop) -> None:
    """As `check`, and that every code says what its points do: for all but who moves points by hand."""
    await _find_none(shop, _WRONG | _WRONG_CODES)


async def _find_none(shop: Shop, wrong: Mapping[str, Executable]) -> None:
    async with shop.database.tenant(shop.tenant_id) as tx:
        found = {what: await tx.all(query) for what, query in wrong.items()}
    assert {what: [dict(row) for row in rows] for what, rows in found.items() if rows} == {}


@asynccontextmanager
async def audited(shop: Shop) -> AsyncIterator[None]:
    """Checks all again and again while something happens: what is true between any two commits is always true."""
    over = Event()

    async def audit() -> int:
        rounds = 0
        while not over.is_set() or not rounds:
            await check_all(shop)
            rounds += 1
        return rounds

    auditing = create_task(audit())
    try:
        yield
    finally:
        over.set()
        await auditing
