"""Text that containers wrote, fit for documents."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from seatrial.reports.printable import decoded, printable


def test_colours_go_and_other_controls_are_spelt_out() -> None:
    assert printable("\x1b[31mred\x1b[0m bell\x07 null\x00") == "red bell\\x07 null\\x00"


def test_a_line_that_was_drawn_over_itself_becomes_lines() -> None:
    assert printable("10%\r50%\r100%\r\ndone\n") == "10%\n50%\n100%\ndone\n"


def test_text_that_turns_the_direction_of_text_is_seen() -> None:
    assert printable("model\u202egnp.exe") == "model\\u202egnp.exe"


def test_bytes_of_no_encoding_are_kept_as_bytes() -> None:
    assert printable(decoded(b"caf\xe9")) == "caf\\xe9"
    assert printable("caf\udce9.csv") == "caf\\xe9.csv"
    assert printable("\ud800") == "\\ud800"


@given(st.text() | st.binary().map(decoded))
def test_whatever_is_left_can_be_encoded_and_held_by_xml(text: str) -> None:
    element = ElementTree.Element("text")
    element.text = printable(text)
    written = ElementTree.tostring(element, encoding="utf-8")
    read = ElementTree.fromstring(written)  # noqa: S314  # what we have just written
    assert (read.text or "") == printable(text)
