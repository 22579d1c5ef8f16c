"""Logs and the heads of objects as the page shows them."""

from __future__ import annotations

from seatrial.reports.html import log_text, preview_of


def test_a_whole_log_needs_no_note() -> None:
    log = log_text(b"one\ntwo\n", 8, "/log.txt")
    assert (log.text, log.note) == ("one\ntwo\n", None)


def test_the_end_of_a_log_starts_with_a_whole_line_and_says_how_much_it_is() -> None:
    log = log_text(b"alf a line\nlast\n", 5_000_000, "/log.txt")
    assert (log.text, log.note) == ("last\n", "the last 5 B of 5.0 MB")


def test_one_endless_line_is_cut_all_the_same() -> None:
    assert log_text(b"xxxx", 9, "/log.txt").text == "xxxx"


def test_a_table_shows_its_first_lines_and_says_how_many_there_are() -> None:
    head = preview_of("a/train.csv", "".join(f"{i},<b>\n" for i in range(50)).encode())
    assert head.rows[1] == ("1", "<b>")
    assert (len(head.rows), head.note) == (8, "the first 8 of 50 lines")


def test_a_table_too_wide_is_cut_and_says_so() -> None:
    head = preview_of("wide.tsv", "\t".join("x" * 40).encode())
    assert (len(head.rows[0]), head.note) == (16, "the first 16 of 40 columns")


def test_json_is_indented_and_what_is_none_is_shown_as_it_is() -> None:
    assert preview_of("m.json", b'{"auc":0.9}').text == '{\n  "auc": 0.9\n}'
    assert preview_of("m.json", b'{"auc":').text == '{"auc":'
    assert preview_of("deep.json", b"[" * 100_000).text is not None


def test_what_is_no_text_is_not_shown() -> None:
    assert (preview_of("x", b"ab\0c").text, preview_of("x", b"ab\0c").note) == (None, "binary")
    assert preview_of("x", b"").note == "empty"


def test_a_quote_that_never_closes_does_no_harm() -> None:
    assert preview_of("broken.csv", b'"' + b"a,b\n" * 40_000).note is not None
