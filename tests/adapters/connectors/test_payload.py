"""A payload: read where it is what it should be, refused by its name where it is not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from adapters.connectors.payload import LONGEST, SECOND, Payload, as_objects, read_object
from core.errors import MalformedStatement
from tests.adapters.connectors.rig import at

NINE = "2026-03-02T09:15:00Z"


def of(value: object) -> Payload:
    """A payload that has the value at `a.b`."""
    return Payload({"a": {"b": value}})


def refusal(read: Callable[[str], object], path: str = "a.b") -> str:
    with pytest.raises(MalformedStatement) as refused:
        read(path)
    return str(refused.value)


def test_a_path_leads_through_objects_and_lists() -> None:
    whole = Payload({"a": [{"b": [7, 8]}]})
    assert whole.look("a.0.b.1") == 8
    for nowhere in ("a.1.b", "a.x", "a.-1", "a.²", "a.0.b.1.c", "a.999999", "a." + "9" * 5_000, "", "a." * 1_000):
        assert whole.look(nowhere) is None
    assert whole.at("a.0").at("b").each("") == []
    assert [item.data for item in whole.at("a.0").each("b")] == [7, 8]


def test_null_is_there_only_by_its_name() -> None:
    whole = Payload({"a": None})
    assert "a" in whole
    assert not whole.has("a")
    assert "a" not in Payload(["a"])


def test_a_field_is_refused_by_its_whole_name() -> None:
    whole = Payload({"pull_request": {"user": {}, "labels": [{"name": 7}, 5], "merged": 1}})
    change = whole.object("pull_request")
    assert refusal(change.object("user").whole, "id") == "pull_request.user.id: is missing; send a whole number"
    assert refusal(change.flag, "merged") == "pull_request.merged: is something else; send true or false"
    assert refusal(change.objects, "labels") == "pull_request.labels[1]: is no object; send an object"
    assert refusal(change.each("labels")[0].short_text, "name").startswith("pull_request.labels[0].name: ")


def test_what_is_wrong_with_a_record_reads_the_same_wherever_it_stands() -> None:
    page = Payload({"results": [{"id": 1}, {}]})
    assert refusal(page.records("results")[1].text, "id") == "id: is missing; send a text or a whole number"


def test_lists_of_objects() -> None:
    assert Payload({}).maybe_objects("a") == []
    assert refusal(Payload({}).objects, "a") == "a: is missing; send a list of objects"
    assert refusal(Payload({"a": {}}).maybe_objects, "a") == "a: is no list; send a list of objects"
    assert Payload({"a": {}}).each("a") == []
    assert [item.data for item in as_objects([{}], "the answer")] == [{}]
    for wrong in (None, {}, [5]):
        with pytest.raises(MalformedStatement, match=r"^the answer"):
            as_objects(wrong, "the answer")


def test_objects() -> None:
    assert of({}).object("a.b").data == {}
    assert of(None).maybe_object("a.b") is None
    for read in (of([]).object, of([]).maybe_object):
        assert refusal(read) == "a.b: is no object; send an object"


def test_texts_and_numbers_are_both_ids() -> None:
    assert (of("x").text("a.b"), of(7).text("a.b")) == ("x", "7")
    assert (of("x").maybe_text("a.b"), of(7).maybe_text("a.b")) == ("x", "7")
    for value in (None, "", True, 10**40, [], Decimal("0.5")):
        assert refusal(of(value).text).startswith("a.b: is ")
        assert of(value).maybe_text("a.b") is None


def test_short_texts_are_texts_that_can_be_kept() -> None:
    assert of("x" * LONGEST).short_text("a.b") == "x" * LONGEST
    assert of("two\nlines").maybe_short_text("a.b") == "two\nlines"
    assert of("").maybe_short_text("a.b") is of(None).maybe_short_text("a.b") is None
    assert refusal(of("").short_text) == "a.b: is something else; send a text of 1 to 400 characters"
    for value in ("x" * (LONGEST + 1), 7, True, []):
        assert refusal(of(value).maybe_short_text) == "a.b: is something else; send a text of 1 to 400 characters"


@pytest.mark.parametrize("value", ["\0", "a\0b", "\ud800", "a\udc00b"])
def test_what_no_database_can_hold_is_refused(value: str) -> None:
    for read in (of(value).text, of(value).short_text, of(value).maybe_short_text):
        assert refusal(read).startswith("a.b: ")
    assert of(value).label("a.b") is None
    assert of(f"https://example.org/{value}").link("a.b") is None


def test_prose_is_looked_at_and_measured() -> None:
    assert (of("hello").prose("a.b"), of(7).prose("a.b")) == ("hello", "")
    assert (of("hello").length("a.b"), of(None).length("a.b")) == (5, 0)
    assert refusal(of(7).length) == "a.b: is no text; send a text"


def test_links_are_addresses_of_pages() -> None:
    assert of("https://example.org/1").link("a.b") == "https://example.org/1"
    for value in (None, 7, "ftp://example.org", "javascript:x", "https://example.org/\n", "https://" + "x" * LONGEST):
        assert of(value).link("a.b") is None


def test_labels_are_short_and_in_order() -> None:
    assert of("two\nlines").label("a.b") is None
    found = of(["docs", "beginners", "docs", None, {}, "a" * 101, "two\nlines"]).labels("a.b")
    assert found == ("beginners", "docs")
    assert of("docs").labels("a.b") == ()


def test_whole_numbers_are_neither_truth_nor_text() -> None:
    assert (of(0).whole("a.b"), of(10**18).maybe_whole("a.b"), of(None).maybe_whole("a.b")) == (0, 10**18, None)
    for value in (True, "7", Decimal(7), 10**18 + 1, 7.0):
        assert refusal(of(value).maybe_whole) == "a.b: is something else; send a whole number"


def test_flags() -> None:
    assert [of(value).flag("a.b") for value in (True, False, None)] == [True, False, False]
    assert refusal(of("true").flag) == "a.b: is something else; send true or false"


@pytest.mark.parametrize(
    ("value", "number"),
    [("12.50", Decimal("12.50")), (7, 7), (Decimal("0.1"), Decimal("0.1")), ("-3", -3)],
)
def test_amounts_are_exact(value: object, number: object) -> None:
    assert of(value).amount("a.b") == number


@pytest.mark.parametrize("value", [True, None, "", "1e9", "12,5", "soon", [1], "1" * 19])
def test_what_is_no_amount_is_none(value: object) -> None:
    assert of(value).amount("a.b") is None


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-02T10:15:00.000+0100", "2026-03-02T09:15Z", "2026-03-02T10:15+01:00", "2026-03-02T09:15:00Z"),
        *("2026-03-02 09:15:00 UTC", "2026-03-02 10:15:00 +0100", "2026-03-02 10:15:00+01:00", "2026-03-02 09:15Z"),
    ],
)
def test_times_are_read_as_services_write_them(text: str) -> None:
    assert of(text).time("a.b") == of(text).any_time("a.b") == at(NINE)


@pytest.mark.parametrize(
    "value", ["2026-03-02", "2026-03-02T09:15", None, [], "2026-13-02T09:15:00Z", "-", "", "2026-03-02 09:15:00", True]
)
def test_what_is_no_time_is_refused_by_its_name(value: object) -> None:
    for read in (of(value).time, of(value).any_time):
        assert refusal(read).startswith("a.b: ")


def test_times_in_seconds_or_milliseconds_need_no_unit() -> None:
    for value in (1_772_442_900, Decimal("1772442900.0"), 1_772_442_900_000):
        assert of(value).any_time("a.b") == at(NINE)
    assert of(Decimal("0.5")).any_time("a.b") == SECOND // 2
    for value in (10**15, 10**40, -(10**10), True):
        assert refusal(of(value).any_time) == (
            "a.b: is no time; send a time, as 2026-03-02T09:15:00Z, or seconds since 1970"
        )


def test_counted_times_have_a_range() -> None:
    assert of("1772442900").counted("a.b", SECOND) == at(NINE)
    assert of(1_772_442_900_000).counted("a.b", 1_000) == at(NINE)
    for value in (10**15, -1, True, None, "²", "1e9", 10**40):
        with pytest.raises(MalformedStatement, match=r"^a\.b: is"):
            of(value).counted("a.b", SECOND)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 100_000, b"{", b'{"a": NaN}', b"7", b'["a"]', b"9" * 5_000])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedStatement, match=r"^the body"):
        read_object(body)


def test_numbers_of_a_body_are_exact() -> None:
    whole = read_object(b'{"a": {"b": 0.1, "c": 9007199254740993}}')
    assert (whole.look("a.b"), whole.look("a.c")) == (Decimal("0.1"), 9_007_199_254_740_993)
