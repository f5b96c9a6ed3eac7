import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.spider.decompress import CutError, TooLargeError, UnreadableError, unpack

PAGE = bytes(range(256)) * 40
LIMIT = 100_000


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
}


@given(st.binary(max_size=2000), st.sampled_from(sorted(PACKERS)))
def test_what_was_packed_comes_out_as_it_went_in(body: bytes, encoding: str) -> None:
    assert unpack(PACKERS[encoding](body), encoding, most_bytes=LIMIT) == body


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_what_was_not_packed_stays_as_it_is(encoding: str) -> None:
    assert unpack(PAGE, encoding, most_bytes=LIMIT) == PAGE


def test_bare_deflate_is_understood() -> None:
    assert unpack(bare_deflate(PAGE), "deflate", most_bytes=LIMIT) == PAGE


def test_two_layers_are_undone_from_the_last_to_the_first() -> None:
    assert unpack(gzip.compress(zlib.compress(PAGE)), "deflate, gzip", most_bytes=LIMIT) == PAGE


def test_more_layers_are_refused() -> None:
    with pytest.raises(UnreadableError, match="packed 3 times"):
        unpack(PAGE, "gzip, gzip, gzip", most_bytes=LIMIT)


def test_all_members_of_a_gzip_body_count_and_what_follows_them_does_not() -> None:
    body = gzip.compress(b"one") + gzip.compress(b"two") + b"\x00\x00junk"

    assert unpack(body, "gzip", most_bytes=LIMIT) == b"onetwo"


@pytest.mark.parametrize("told", [0, 1, len(PAGE) - 1, len(PAGE) + 1, LIMIT, 2**32 - 1])
def test_a_size_at_the_end_that_is_not_true_is_found_out(told: int) -> None:
    body = gzip.compress(PAGE)[:-4] + told.to_bytes(4, "little")

    with pytest.raises(UnreadableError, match="damaged"):
        unpack(body, "gzip", most_bytes=LIMIT)


@pytest.mark.parametrize("told", [0, 1, LIMIT // 2, LIMIT + 1])
def test_a_bomb_that_tells_another_size_is_too_large(told: int) -> None:
    body = gzip.compress(bytes(10 * LIMIT))[:-4] + told.to_bytes(4, "little")

    with pytest.raises(TooLargeError):
        unpack(body, "gzip", most_bytes=LIMIT)


def test_a_body_whose_last_member_is_the_smaller_one_is_whole() -> None:
    assert unpack(gzip.compress(PAGE) + gzip.compress(b"end"), "gzip", most_bytes=LIMIT) == PAGE + b"end"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_cut_at_any_byte_is_never_whole(encoding: str) -> None:
    packed = PACKERS[encoding](PAGE)

    for length in range(1, len(packed)):
        with pytest.raises((CutError, UnreadableError)):
            unpack(packed[:length], encoding, most_bytes=LIMIT)


def test_a_second_member_that_is_cut_makes_the_body_cut() -> None:
    with pytest.raises(CutError):
        unpack(gzip.compress(b"one") + gzip.compress(PAGE)[:-1], "gzip", most_bytes=LIMIT)


def test_a_bare_deflate_body_that_is_cut_is_cut() -> None:
    with pytest.raises(CutError):
        unpack(bare_deflate(PAGE)[:-1], "deflate", most_bytes=LIMIT)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_exactly_the_limit_is_allowed_and_one_byte_more_is_not(encoding: str) -> None:
    packed = PACKERS[encoding](b"x" * 1000)

    assert len(unpack(packed, encoding, most_bytes=1000)) == 1000
    with pytest.raises(TooLargeError):
        unpack(packed, encoding, most_bytes=999)


def test_members_that_are_too_large_only_together_are_too_large() -> None:
    with pytest.raises(TooLargeError):
        unpack(gzip.compress(b"x" * 600) * 2, "gzip", most_bytes=1000)


def test_a_body_of_countless_tiny_members_is_refused() -> None:
    with pytest.raises(UnreadableError, match="more than 64 gzip members"):
        unpack(gzip.compress(b"") * 1000, "gzip", most_bytes=1000)


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br", "x" * 500])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(UnreadableError):
        unpack(gzip.compress(PAGE), encoding, most_bytes=LIMIT)


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "gzip, deflate"]))
def test_no_body_whatever_it_holds_breaks_the_crawl(body: bytes, encoding: str) -> None:
    try:
        unpacked = unpack(body, encoding, most_bytes=1000)
    except (CutError, TooLargeError, UnreadableError):
        return
    assert len(unpacked) <= 1000
