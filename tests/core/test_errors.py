from sim.core.errors import input_error


def test_message_says_where_what_allowed_and_nearest() -> None:
    message = str(
        input_error("nykoping.yaml", "policy[0].lever", "co_locaton", "a lever", ["co_location", "x"])
    )
    assert message == (
        "nykoping.yaml: policy[0].lever = 'co_locaton' is not allowed. Allowed: a lever. "
        "Did you mean 'co_location'?"
    )


def test_no_suggestion_where_nothing_is_near() -> None:
    assert "Did you mean" not in str(input_error("f", "k", "zzz", "a lever", ["co_location"]))
