"""Reading YAML that may be careless or hostile."""

import errno
import os
import resource
from pathlib import Path
from typing import Any

import pytest
import yaml

from tracker.importing import yaml_file
from tracker.importing.yaml_file import FileProblem, nearest_line, parse, read

BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"


def data_of(content: bytes) -> Any:
    return parse(content, "file.yaml").data


def refusal(content: bytes) -> str:
    with pytest.raises(FileProblem) as refused:
        parse(content, "file.yaml")
    return str(refused.value)


@pytest.fixture(params=["libyaml", "python"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML has two parsers, one of them in C, which not every installation has."""
    if request.param == "python":
        monkeypatch.setattr(yaml_file, "_Loader", yaml.SafeLoader)


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (BOMB, 1, "anchors (&a)"),
        (b"a: 1\nb: *a\n", 2, "aliases (*a)"),
        (b"a:\n  <<: *base\n", 2, "aliases"),
        (b"a: 1\nb: !!python/object:os.system {}\n", 2, "tags (tag:yaml.org,2002:python/object:os.system)"),
        (b"a: !!binary aGVsbG8=\n", 1, "tags"),
        (b"a: !local x\n", 1, "tags"),
        (b"a: 1\nb: 2\na: 3\n", 3, "'a' stands twice"),
        (b"a: 1\n---\nb: 2\n", 2, "a second document"),
        (b"? [a, b]\n: c\n", 1, "the name of a field must be plain text"),
        (b"? {a: b}\n: c\n", 1, "the name of a field must be plain text"),
        (b"a: 1\nb: x\x00y\n", 2, "U+0000"),
        (b"a: 1\nb: x\x1by\n", 2, "U+001B"),
        (b'a: 1\nb: "\\0"\n', 2, "U+0000"),
        (b'a: 1\nb: "\\e[31m"\n', 2, "U+001B"),
        (b'a: 1\n"\\0": b\n', 2, "U+0000"),
        (b'a: 1\nb: "\\uFFFF"\n', 2, "U+FFFF"),
        (b"a: 1\nb: caf\xe9\n", 2, "is not UTF-8 text (byte 0xe9)"),
        (b"a: 1\nb: \xed\xa0\x80\n", 2, "is not UTF-8 text"),
        ("a: 1\n".encode("utf-16"), 1, "is not UTF-8 text"),
        ("a: 1\n".encode("utf-16-le"), 1, "U+0000"),
        ("a: 1\n".encode("utf-32"), 1, "is not UTF-8 text"),
        (b"a: 1\n\tb: 2\n", 2, "is not YAML"),
        (b"a: [1, 2\n", 2, "is not YAML"),
        (b"a: 'open\n", 2, "is not YAML"),
        (b"a: @b\n", 1, "is not YAML"),
        (b"%YAML 9.9 x\n---\na: 1\n", 1, "is not YAML"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(content: bytes, line: int, words: str) -> None:
    said = refusal(content)
    assert said.startswith(f"file.yaml:{line}: ")
    assert words in said


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("escape", [b"\\ud800", b"\\udfff", b"\\uD83D\\uDE00"])
def test_half_of_a_surrogate_pair_is_refused(escape: bytes) -> None:
    assert refusal(b'a: 1\nb: "' + escape + b'"\n').startswith("file.yaml:2: ")


def test_a_refusal_names_the_record_and_the_place_in_it() -> None:
    said = refusal(b"incidents:\n  - key: first\n    place:\n      country: KG\n      country: KZ\n")
    assert said == (
        "file.yaml:5: first: incidents[0].place: 'country' stands twice in the same record; once is allowed"
    )


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- ", b"? "])
def test_a_hundred_thousand_levels_are_refused_and_harm_nobody(opening: bytes) -> None:
    assert "levels deep" in refusal(opening * 100_000) or "plain text" in refusal(opening * 100_000)


def test_a_long_name_is_shortened_in_a_refusal() -> None:
    assert len(refusal(b"a: &" + b"x" * 1_000_000 + b" 1\n")) < 300


@pytest.mark.parametrize("content", [b"", b"\n\n", b"  \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refusal(content) == "file.yaml: is empty"


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("content", [b"# only a comment\n", b"---\n", b"---\n...\n", b"~\n"])
def test_a_file_without_content_is_nothing(content: bytes) -> None:
    assert data_of(content) is None


def test_a_byte_order_mark_is_no_part_of_the_file() -> None:
    assert data_of(b"\xef\xbb\xbfa: b\n") == {"a": "b"}


@pytest.mark.usefixtures("either_parser")
def test_words_stay_words_and_only_plain_numbers_are_numbers() -> None:
    content = b"""
no: [no, NO, yes, on, off, y, n, No]
null: [null, ~, ]
truth: [true, false, True]
numbers: [5, -5, +5, 007, 1.5, 1e5, 0x1f, 1_000, 12:30:45, .inf, .nan, 123456789012345678901234567890]
quoted: ["5", '5', "null", "true"]
dates: [2020-10-05, 2020-10-05T10:00:00Z, 2020-10]
"""
    assert data_of(content) == {
        "no": ["no", "NO", "yes", "on", "off", "y", "n", "No"],
        "null": [None, None],
        "truth": [True, False, "True"],
        "numbers": [
            5,
            -5,
            5,
            7,
            1.5,
            *("1e5", "0x1f", "1_000", "12:30:45", ".inf", ".nan", "123456789012345678901234567890"),
        ],
        "quoted": ["5", "5", "null", "true"],
        "dates": ["2020-10-05", "2020-10-05T10:00:00Z", "2020-10"],
    }


def test_the_merge_key_merges_nothing() -> None:
    assert data_of(b"a: {<<: {b: 1}}\n") == {"a": {"<<": {"b": 1}}}


def test_block_and_folded_texts_are_read() -> None:
    assert data_of("a: |\n  одна\n  две\nb: >-\n  one\n  two\n".encode()) == {"a": "одна\nдве\n", "b": "one two"}


def test_an_empty_name_is_a_name() -> None:
    assert data_of(b'"": a\n') == {"": "a"}


@pytest.mark.usefixtures("either_parser")
def test_every_place_has_the_line_on_which_its_name_stands() -> None:
    lines = parse(b"# c\na:\n  b: |\n    long\n    text\n  c:\n    - d: 1\n      e: >-\n        f\n", "f").lines()
    assert lines == {
        (): 2,
        ("a",): 2,
        ("a", "b"): 3,
        ("a", "c"): 6,
        ("a", "c", 0): 7,
        ("a", "c", 0, "d"): 7,
        ("a", "c", 0, "e"): 8,
    }
    assert nearest_line(lines, ("a", "c", 0, "missing", 3)) == 7
    assert nearest_line({}, ("a",)) == 1


def test_a_narrative_of_ten_megabytes_is_read_whole() -> None:
    assert len(data_of(b"a: >-\n" + b"  word\n" * 1_500_000)["a"]) == 5 * 1_500_000 - 1


def test_a_missing_file_a_folder_and_a_file_without_permission_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"missing\.yaml: cannot be read: No such file"):
        read(tmp_path / "missing.yaml")
    with pytest.raises(FileProblem, match="cannot be read: Is a directory"):
        read(tmp_path)


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_arguments: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    # Root may read every file, so that the refusal is played.
    monkeypatch.setattr(Path, "open", denied)
    path = tmp_path / "locked.yaml"
    with pytest.raises(FileProblem, match=r"locked\.yaml: cannot be read: Permission denied"):
        read(path)


def test_a_device_without_end_is_read_no_further_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_file, "LARGEST_FILE", 1_000)
    with pytest.raises(FileProblem, match="is too long; at most 1,000 bytes are read"):
        read(Path("/dev/zero"))


def test_an_alias_bomb_costs_no_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refusal(b"a0: &a0 [x]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 99)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
