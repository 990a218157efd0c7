import numpy as np
import pytest

from sim.policy.channels import CHANNELS, SEGMENT_BITS, SEGMENTS, Channel, segment_mask


def test_declarations_follow_the_order_of_the_channels() -> None:
    assert [declared.channel for declared in CHANNELS] == list(Channel)


@pytest.mark.parametrize("declared", CHANNELS, ids=lambda declared: declared.channel.name)
def test_neutral_lies_within_bounds_and_fits_the_kind(declared: object) -> None:
    from sim.policy.channels import ChannelDeclaration

    assert isinstance(declared, ChannelDeclaration)
    assert declared.low <= declared.neutral <= declared.high
    assert declared.neutral == (1.0 if declared.kind == "multiply" else 0.0)


def test_no_target_means_everybody() -> None:
    assert segment_mask(()).all()


def test_a_target_is_every_segment_with_its_bit() -> None:
    for name, bit in SEGMENT_BITS.items():
        assert np.array_equal(np.flatnonzero(segment_mask([name])), [s for s in range(SEGMENTS) if s & bit])


def test_several_targets_are_joined() -> None:
    both = segment_mask(["youth", "long_term"])
    assert np.array_equal(both, segment_mask(["youth"]) | segment_mask(["long_term"]))
    assert not both[0]
