"""Group municipalities that border each other, so that a treated group is compared with groups like it.

Public name: `bordering_groups`.
"""

from collections.abc import Collection, Mapping

Borders = Mapping[str, Mapping[str, int]]
"""Kilometres of shared border, by municipality and neighbour."""


def bordering_groups(codes: Collection[str], borders: Borders, size: int) -> list[tuple[str, ...]]:
    """Return groups of ``size`` municipalities that border each other; each is in one group at most.

    Greedy: the municipality with the fewest free neighbours begins, and the group takes the free neighbour
    with which it shares the longest border until it is full. What cannot fill a group is left out. Ties go by
    code, so the result does not depend on the order of ``codes``.
    """
    if size == 1:
        return [(code,) for code in sorted(codes)]
    free = set(codes)
    groups = []
    while free:
        seed = min(free, key=lambda code: (len(free & set(borders.get(code, {}))), code))
        group = _grow(seed, free, borders, size)
        free -= set(group)
        if len(group) == size:
            groups.append(tuple(sorted(group)))
    return sorted(groups)


def _grow(seed: str, free: set[str], borders: Borders, size: int) -> list[str]:
    group = [seed]
    while len(group) < size:
        shared: dict[str, int] = {}
        for member in group:
            for neighbour, km in borders.get(member, {}).items():
                if neighbour in free and neighbour not in group:
                    shared[neighbour] = shared.get(neighbour, 0) + km
        if not shared:
            break
        group.append(min(shared, key=lambda code: (-shared[code], code)))
    return group
