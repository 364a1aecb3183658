"""Draw the items of one file: valid ones, and ones that are wrong in one or more ways.

Nothing here imports consentlint.
"""

from random import Random

from random_values import (
    STATUSES,
    Pools,
    correlation_id,
    country_and_zip,
    date,
    number,
    odd_value,
)

MARK = "consentlint_superseded_by"
"""The key of superseded items."""

FIELDS = {
    "consents": ("contact_id", "correlation_id", "sender_id", "status", "source", "date_of_consent"),
    "contacts": ("contact_id", "correlation_id", "country_iso_code", "zip_code"),
}  # fmt: skip
ALIASES = (
    "Phone", "phone_number", "msisdn", "Contact ID", "contactId", "CONTACT_ID", "correlation-id",
    "consent_date", "consent_timestamp", "Sender", "zip", "ZIP Code", "country", "note", "", " ", "id",
    "Status ", "dateOfConsent", "data_of_consent", "x\u202e", "contact_id ", "a/b~c",
)  # fmt: skip
Members = list[tuple[str, object]]
"""Keys and values in order; a key may be repeated."""


class Maker:
    """Draws the items of one file.

    Args:
        random: where all chance comes from.
        kind: consents or contacts.
        mess: how many items are damaged, from 0 to 1.
        damage: how many of the damaged items have damaged text, from 0 to 1.
    """

    def __init__(self, random: Random, kind: str, mess: float, damage: float) -> None:
        self.random = random
        self.kind = kind
        self.mess = mess
        self.damage = damage
        self.pools = Pools(random)
        self.order = list(FIELDS[kind])
        if random.random() < 0.4:
            random.shuffle(self.order)
        if kind == "consents" and random.random() < 0.1:
            self.order.remove("date_of_consent")
        if random.random() < 0.03:
            self.order.remove(random.choice(self.order))
        self.again = random.choice((0.0, 0.0, 0.02, 0.2, 0.7))
        self.history: list[Members] = []

    def is_messy(self) -> bool:
        """Tell whether the next thing is damaged."""
        return self.random.random() < self.mess

    def is_damaged(self) -> bool:
        """Tell whether the text of the next thing is damaged."""
        return self.is_messy() and self.random.random() < self.damage

    def valid(self) -> dict[str, object]:
        """Return the fields of an item that is mostly valid on its own."""
        random, pools = self.random, self.pools
        recurs = random.random() < self.again
        status = random.choice(STATUSES)
        identifier = correlation_id(random)
        pools.ids.append(identifier)
        country, code = country_and_zip(random)
        return {
            "contact_id": random.choice(pools.contacts) if recurs else number(random),
            "correlation_id": identifier,
            "sender_id": random.choice(pools.senders),
            "status": status,
            "source": random.choice(("website", "offline", f"{status}-message", "others")),
            "date_of_consent": random.choice(pools.dates) if recurs else date(random, pools.layout),
            "country_iso_code": country,
            "zip_code": code,
        }

    def members(self) -> Members:
        """Return the members of the next item."""
        values = self.valid()
        members: Members = [(field, values[field]) for field in self.order]
        if self.is_messy():
            for _ in range(self.random.choice((1, 1, 1, 2, 3))):
                members = self._corrupted(members)
        if len(self.history) < 2000 or self.random.random() < 0.1:
            self.history.append(members)
        return members

    def _corrupted(self, members: Members) -> Members:
        random = self.random
        kind = random.random()
        place = random.randrange(len(members)) if members else 0
        if not members:
            return members
        field, value = members[place]
        if kind < 0.55:
            value = odd_value(random, field, str(value), self.pools)
            return [*members[:place], (field, value), *members[place + 1 :]]
        if kind < 0.63:
            return members[:place] + members[place + 1 :]
        if kind < 0.78 and self.history:
            return self._repeated(members)
        if kind < 0.85:
            other = (
                value if random.random() < 0.3 else odd_value(random, field, str(value), self.pools)
            )
            at = random.randint(0, len(members))
            return [*members[:at], (field, other), *members[at:]]
        if kind < 0.91:
            key = random.choice((*ALIASES, *FIELDS["consents"], *FIELDS["contacts"]))
            at = random.randint(0, len(members))
            return [
                *members[:at],
                (key, random.choice((value, "x", {"a": [1]}, None))),
                *members[at:],
            ]
        if kind < 0.96:
            key = random.choice((field.upper(), field[:-1], field.replace("_", ""), *ALIASES))
            return [*members[:place], (key, value), *members[place + 1 :]]
        # Always the last member, so that the length of its name moves nothing.
        if any(key == MARK for key, _ in members):
            return members
        return [*members, (MARK, random.choice(("line 7", "item 3", "", "true")))]

    def _repeated(self, members: Members) -> Members:
        """Return members with the contact and sender, and perhaps more, of a previous item."""
        random = self.random
        old = dict(random.choice(self.history[-300:]))
        fields = random.choice((
            ("correlation_id",), ("contact_id", "sender_id"), ("contact_id", "sender_id", "date_of_consent"),
            ("contact_id", "sender_id", "status"), ("contact_id", "sender_id", "status", "date_of_consent"),
            ("contact_id", "status", "date_of_consent"), tuple(old),
        ))  # fmt: skip
        return [
            (key, old[key] if key in fields and key in old else value) for key, value in members
        ]
