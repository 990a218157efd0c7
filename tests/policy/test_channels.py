from typing import get_args

import numpy as np
import pytest

from sim.policy.channels import (
    CHANNELS,
    IN_TRIAL,
    SEGMENT_BITS,
    SEGMENTS,
    TRIAL_SEGMENTS,
    Channel,
    segment_mask,
)
from sim.policy.instance import Target


def test_declarations_follow_the_order_of_the_channels() -> None:
    assert [declared.channel for declared in CHANNELS] == list(Channel)


@pytest.mark.parametrize("declared", CHANNELS, ids=lambda declared: declared.channel.name)
def test_neutral_lies_within_bounds_and_fits_the_kind(declared: object) -> None:
    from sim.policy.channels import ChannelDeclaration

    assert isinstance(declared, ChannelDeclaration)
    assert declared.low <= declared.neutral <= declared.high
    if declared.kind != "set":
        assert declared.neutral == (1.0 if declared.kind == "multiply" else 0.0)


def test_segments_are_every_combination_of_the_traits() -> None:
    assert sorted(SEGMENT_BITS.values()) == [1, 2, 4, 8, 16]
    assert SEGMENTS == 2 ** len(SEGMENT_BITS) == IN_TRIAL == TRIAL_SEGMENTS // 2


def test_every_trait_may_be_a_target() -> None:
    assert set(get_args(Target)) == set(SEGMENT_BITS)


def test_places_are_shared_between_municipalities_and_never_by_segment() -> None:
    for declared in CHANNELS:
        assert not declared.split or (declared.kind == "add" and declared.whole_municipality)


def test_no_target_means_everybody() -> None:
    assert segment_mask(()).all()


def test_a_target_is_every_segment_with_its_bit() -> None:
    for name, bit in SEGMENT_BITS.items():
        assert np.array_equal(np.flatnonzero(segment_mask([name])), [s for s in range(SEGMENTS) if s & bit])


def test_several_targets_are_joined() -> None:
    both = segment_mask(["youth", "long_term"])
    assert np.array_equal(both, segment_mask(["youth"]) | segment_mask(["long_term"]))
    assert not both[0]
