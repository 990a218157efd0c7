"""Order of service where something is scarce."""

from collections.abc import Callable, Sequence

from reference.people import Resident
from sim.core.draws import Decision
from sim.policy.channels import Channel


def first_in_line(person: Resident) -> int:
    """The rank of those whom a policy puts first: 1, and 0 for others."""
    return int(person.channel(Channel.PRIORITY) > 0.0)


def served(
    queue: Sequence[Resident], order: Decision, capacity: int, rank: Callable[[Resident], int] = first_in_line
) -> list[Resident]:
    """Return the first of a queue: the highest rank first, and then in drawn order."""

    def turn(person: Resident) -> tuple[int, float, int]:
        return -rank(person), person.draw(order), person.id

    return sorted(queue, key=turn)[: max(0, capacity)]


def all_alike(_person: Resident) -> int:
    """The rank in a queue that knows no priority."""
    return 0
