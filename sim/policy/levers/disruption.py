"""The dip that follows when offices move or merge: dated, uncertain, and over in the end.

Public names: `reorganisation_dip`, and the ``CHANNELS`` and ``PARAMETERS`` that it uses.
"""

from collections.abc import Mapping

from sim.policy.channels import Channel

CHANNELS = frozenset({Channel.CONTACT, Channel.ASSISTANCE_DAYS, Channel.ASSIGNMENT})
PARAMETERS = ("dip_contact", "dip_assistance_days", "dip_assignment")


def reorganisation_dip(
    effects: Mapping[str, float], months: int, scale: float, length: float
) -> dict[Channel, float]:
    """Return the channels in a month after the change.

    The dip is whole in the first month and recovers along a straight line, d(m) = scale x max(0, 1 - m / L),
    with L its length: an end can be read off, and an exponential has none.
    CONTACT = 1 - d (1 - c), ASSIGNMENT = 1 - d (1 - a), ASSISTANCE_DAYS = d x days.

    References: NAV_FMR14, JCP_BPV15, JCP_NIESR11 (loss for one to two years), JCP_KAR07 (slower processing).

    Args:
        effects: Drawn values of the parameters in ``PARAMETERS``.
        months: Months since the change, 0 in its first.
        scale: Share of the staff who were moved or merged.
        length: Months until the dip is over.
    """
    depth = scale * max(0.0, 1.0 - months / length)
    if depth == 0.0:
        return {}
    return {
        Channel.CONTACT: 1.0 - depth * (1.0 - effects["dip_contact"]),
        Channel.ASSISTANCE_DAYS: depth * effects["dip_assistance_days"],
        Channel.ASSIGNMENT: 1.0 - depth * (1.0 - effects["dip_assignment"]),
    }
