"""Customers by what staff remember of them: a number, the end of one, or a name."""

import re

from sqlalchemy import String, bindparam, exists, func
from sqlmodel import col, or_, select

from models.db import Tx
from models.people.tables import Customer, User
from models.statements import ours

_FEWEST_DIGITS = 4

_NAMES = (
    func.concat_ws(" ", col(Customer.first_name), col(Customer.last_name)),
    col(Customer.last_name),
    col(Customer.whatsapp_name),
)
# no index: the customers of one business are some thousands of rows, and staff look somebody up now and then
_BY_NAME = (
    select(Customer)
    .where(
        ours(Customer),
        col(Customer.deleted_at).is_(None),
        ~exists().where(ours(User), col(User.phone_number) == col(Customer.phone_number), col(User.is_active)),
        or_(*(name.ilike(bindparam("name", type_=String)) for name in _NAMES)),
    )
    .order_by(col(Customer.last_contact_at).desc().nulls_last(), col(Customer.id))
    .limit(bindparam("most"))
)
_BY_END = (
    select(Customer)
    .where(
        ours(Customer),
        col(Customer.deleted_at).is_(None),
        col(Customer.phone_number).like(bindparam("end", type_=String)),
    )
    .order_by(col(Customer.last_contact_at).desc().nulls_last(), col(Customer.id))
    .limit(bindparam("most"))
)


async def search(tx: Tx, said: str, most: int) -> list[Customer]:
    """Who has a name that begins with the words, or a number that ends with the digits; lately seen first.

    Who works here is found by number alone: his name is not what a customer's is looked up by.
    """
    digits = re.sub(r"\D", "", said)
    if len(digits) >= _FEWEST_DIGITS and not re.search(r"[^\W\d_]", said):
        return await tx.all(_BY_END, tenant_id=tx.tenant_id, end=f"%{digits}", most=most)
    name = " ".join(said.split())
    return await tx.all(_BY_NAME, tenant_id=tx.tenant_id, name=f"{_plain(name)}%", most=most) if name else []


def _plain(said: str) -> str:
    """The words with the signs that LIKE would read in its own way taken for themselves."""
    return re.sub(r"([\\%_])", r"\\\1", said)
