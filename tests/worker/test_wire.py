from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from autograder.worker.wire import DTYPES, Frame, Inbox, TooLarge, WireError, encode

plain_arrays = arrays_of.arrays(
    dtype=st.sampled_from(sorted(DTYPES)).map(np.dtype),
    shape=arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)


def receive(content: bytes, *, limit: int = 2**20, step: int = 2**20, writable: bool = False) -> list[Frame]:
    """Feed `content` to an Inbox, `step` bytes at a time, as a socket might."""
    inbox, frames = Inbox(limit, writable=writable), []
    while content:
        room = inbox.room()
        count = min(step, len(room), len(content))
        room[:count] = content[:count]
        content = content[count:]
        frame = inbox.got(count)
        frames += [frame] if frame else []
    return frames


@given(st.dictionaries(st.text(min_size=1, max_size=9), plain_arrays, max_size=4), st.integers(1, 40))
def test_what_is_encoded_is_received(arrays: dict[str, np.ndarray], step: int) -> None:
    frames = receive(b"".join(encode({"n": 1}, arrays)) * 2, step=step)
    assert len(frames) == 2
    for frame in frames:
        assert frame.header == {"n": 1}
        assert list(frame.arrays) == list(arrays)
        for name, array in arrays.items():
            got = frame.arrays[name]
            assert (got.dtype, got.shape, got.flags.writeable) == (array.dtype, array.shape, False)
            assert got.tobytes() == array.tobytes()


def test_arrays_that_may_be_written_to_are_apart_from_each_other_and_from_the_next_frame() -> None:
    sent = {"a": np.arange(5), "b": np.ones((2, 3), np.float32)}
    first, second = receive(b"".join(encode({}, sent)) * 2, writable=True)
    first.arrays["a"][:] = -1
    assert (first.arrays["b"] == 1).all()
    assert (second.arrays["a"] == np.arange(5)).all()


@given(st.binary(max_size=300), st.integers(1, 300))
def test_garbage_never_makes_anything_but_a_wire_error(content: bytes, step: int) -> None:
    try:
        receive(content, step=step)
    except WireError:
        pass


@pytest.mark.parametrize(
    "layout", [np.asfortranarray, lambda a: a[::-1, ::2], lambda a: a.T], ids=["F", "view", "T"]
)
def test_arrays_of_any_layout_arrive_in_c_order(layout: object) -> None:
    array = layout(np.arange(24.0).reshape(4, 6))  # type: ignore[operator]
    (frame,) = receive(b"".join(encode({}, {"a": array})))
    np.testing.assert_array_equal(frame.arrays["a"], array)


def test_a_payload_beyond_the_limit_is_refused_before_it_is_allocated() -> None:
    pieces = encode({}, {"a": np.zeros(1000)})
    with pytest.raises(TooLarge, match="arrays of 8000 bytes; the limit is 7999"):
        receive(bytes(pieces[0]), limit=7999)


@pytest.mark.parametrize(
    "value", [np.array([None]), np.array([1j]), np.array(["a"]), np.array([1], dtype="M8[s]")]
)
def test_a_dtype_beyond_plain_numbers_is_refused(value: np.ndarray) -> None:
    with pytest.raises(WireError, match="array 'a': expected one of"):
        encode({}, {"a": value})


def test_a_header_beyond_64_kib_is_refused() -> None:
    with pytest.raises(WireError, match="the limit is 65536"):
        encode({"text": "x" * 2**16}, {})
