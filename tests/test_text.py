"""Keys to search by, checks of what comes in, cells and slugs."""

import re
import sqlite3
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.text import (
    LONGEST_TOKEN,
    contains_name,
    fold,
    guard,
    join_list,
    search_document,
    search_words,
    shorten,
    slugify,
    split_list,
    text_problem,
    tokens,
    unguard,
)

# Text of every kind, with more of what is hard: marks, invisible characters, quotation marks, several scripts.
HARD = "ёЁЙїÉßﬁİıøŁ①Ⅷ½²ʻʼ'’\"«»*:-_()\u0301\u0308\u0345\u200b\u200d\u00ad\ufeff\u0640بََพั่กनि北京がガ한👩🏽‍💻\t\n "
ANY_TEXT = st.text() | st.text(st.sampled_from(HARD) | st.characters(), max_size=30)


# Folding.


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Kloop", "kloop"),
        ("КЛООП", "клооп"),
        ("Ёлка, ещё", "елка еще"),
        ("Азаттык үналгысы, Өзгөн, жаңы", "азаттык үналгысы өзгөн жаны".replace("жаны", "жаңы")),
        ("24.kg", "24 kg"),
        ("foo-bar_baz", "foo bar baz"),
        ("  two \t\n words\u00a0", "two words"),
        ("Émile Zoë", "emile zoe"),
        ("STRASSE Straße", "strasse strasse"),
        ("Łódź, Đặng, Søren, Æsir, Œuvre", "lodz dang soren aesir oeuvre"),
        ("İstanbul Diyarbakır ISPARTA", "istanbul diyarbakir isparta"),
        ("Οδυσσεύς", "οδυσσευσ"),
        ("ﬁle № ①②", "file no 12"),
        ("Ｋｌｏｏｐ", "kloop"),
        ("٢٠٢٠ २०२० 2020", "2020 2020 2020"),
        ("صَحَفِيّ", "صحفي"),
        ("صحـــفي", "صحفي"),
        ("עִיתּוֹנָאִי", "עיתונאי"),
        ("soft\u00adhyphen zero\u200dwidth \u202eturned", "softhyphen zerowidth turned"),
        ("a\u200bb", "a b"),
        ("C++ & R&D", "c r d"),
        ("🔥🔥", ""),
        ("…", ""),
        ("", ""),
    ],
)
def test_texts_that_a_reader_takes_for_the_same_have_one_key(text: str, key: str) -> None:
    assert fold(text) == unicodedata.normalize("NFKD", key)


def test_composed_and_decomposed_letters_have_one_key() -> None:
    for text in ("Ңёй", "Érič", "हिन्दी", "ガギグ", "한국"):
        assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


def test_one_name_with_any_kind_of_apostrophe_has_one_key() -> None:
    kinds = ["'", "\N{RIGHT SINGLE QUOTATION MARK}", "\N{LEFT SINGLE QUOTATION MARK}", "`", "\N{ACUTE ACCENT}"]
    kinds += ["\N{MODIFIER LETTER TURNED COMMA}", "\N{MODIFIER LETTER APOSTROPHE}", "\N{PRIME}"]
    assert {fold(f"O{kind}zbekiston") for kind in kinds} == {"o zbekiston"}


def test_letters_of_kyrgyz_stay_apart_from_those_of_russian() -> None:
    assert len({fold(letter) for letter in "нңоөуү"}) == 6


def test_vowel_signs_of_india_and_south_east_asia_neither_vanish_nor_break_words() -> None:
    for word in ("पत्रकार", "সাংবাদিক", "செய்தி", "සිංහල"):
        assert fold(word) == unicodedata.normalize("NFKD", word)
        assert tokens(word) == [unicodedata.normalize("NFKD", word)]


def test_every_character_folds_to_something_that_folds_to_itself() -> None:
    for block in range(0, sys.maxunicode + 1, 256):
        key = fold("\n".join(map(chr, range(block, block + 256))))
        assert fold(key) == key, hex(block)


@given(ANY_TEXT)
def test_a_folded_text_folds_to_itself(text: str) -> None:
    key = fold(text)
    assert fold(key) == key
    assert key == " ".join(key.split(" "))
    assert key.casefold() == unicodedata.normalize("NFKD", key) == key


@given(ANY_TEXT)
def test_case_does_not_matter(text: str) -> None:
    assert fold(text.casefold()) == fold(text)


# Tokens.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Клооп, ЁЛКА!", ["клооп", "елка"]),
        ('O\'Brien «said» "no"', ["o", "brien", "said", "no"]),
        ("foo-bar x:y * NEAR(a b) -c ^d", ["foo", "bar", "x", "y", "near", "a", "b", "c", "d"]),
        ("a b a", ["a", "b", "a"]),
        ("راديو آزاتيك", ["راديو", "ازاتيك"]),
        ("北京新闻", ["北京", "京新", "新闻"]),
        ("我在Kloop工作", ["我在", "kloop", "工作"]),
        ("京", ["京"]),
        ("กข่า", ["กข่", "ข่า"]),
        ("👩🏽‍💻 🔥 1️⃣", ["1"]),
        ("", []),
        ("'\"` «»", []),
        ("a" * 100, ["a" * LONGEST_TOKEN]),
    ],
)
def test_a_text_is_taken_apart_into_words(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(ANY_TEXT)
def test_tokens_hold_only_letters_digits_and_marks(text: str) -> None:
    for token in tokens(text):
        assert 0 < len(token) <= LONGEST_TOKEN
        assert {unicodedata.category(character)[0] for character in token} <= set("LNM")
        assert len(token.encode()) < 2_046


@given(ANY_TEXT)
def test_the_sqlite_index_holds_the_very_tokens_that_we_made(text: str) -> None:
    document = search_document([text])
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE search USING fts5(words, tokenize='ascii')")
        connection.execute("CREATE VIRTUAL TABLE stored USING fts5vocab(search, row)")
        connection.execute("INSERT INTO search VALUES (?)", (document,))
        stored = {word for (word,) in connection.execute("SELECT term FROM stored")}
    connection.close()
    assert stored == set(document.split())


@given(ANY_TEXT, ANY_TEXT)
def test_any_word_of_a_record_finds_it_whatever_its_script(before: str, word: str) -> None:
    document = set(search_document([f"{before} {word}", "another text"]).split())
    assert set(search_words(word)) <= document


@pytest.mark.parametrize("query", ["京", "北京", "京新闻", "kloop", "KLOOP 新"])
def test_a_word_is_found_inside_a_sentence_without_blanks(query: str) -> None:
    document = search_document(["我在北京新闻Kloop"]).split()
    *whole, beginning = search_words(query)
    assert set(whole) <= set(document)
    assert any(word.startswith(beginning) for word in document)


def test_a_search_document_lists_each_token_once_and_in_order() -> None:
    assert search_document(["b a", "A c"]) == "a b c"
    assert search_document([]) == search_document(["…", ""]) == ""


def test_the_last_word_of_a_query_stays_last_even_if_it_came_before() -> None:
    assert search_words("one two three two") == ["one", "three", "two"]
    assert search_words("two two") == ["two"]
    assert search_words("  ** \"' ") == []


# Names.


@pytest.mark.parametrize(
    ("text", "name", "contained"),
    [
        ("An attack on Kloop's crew", "KLOOP", True),
        ("An attack on 24.kg", "24.kg", True),
        ("Журналист Бекмырза Исаков пострадал", "бекмырза исаков", True),
        ("Isakov, Bekmyrza", "Bekmyrza Isakov", False),
        ("Alieva was there", "Ali", False),
        ("anything", "…", False),
        ("anything", "", False),
        ("记者在北京工作", "北京", True),
        ("记者在北京工作", "京北", False),
    ],
)
def test_a_name_is_contained_if_its_words_follow_one_another(text: str, name: str, contained: bool) -> None:
    assert contains_name(text, name) is contained


# What comes in.


@pytest.mark.parametrize(
    "text", ["", "plain", "no\u00a0break", "Клооп Ңё", "عربي\u200f", "می\u200cخواهم", "👩🏽‍💻", "e\u0301", "ส"]
)
def test_ordinary_text_of_any_script_is_accepted(text: str) -> None:
    assert text_problem(text, limit=20) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a\0b", "Control characters are not allowed (character 2 of the text, U+0000)."),
        ("\x1b[31m", "Control characters are not allowed (character 1 of the text, U+001B)."),
        ("\x7f", "Control characters"),
        ("\x9f", "Control characters"),
        ("a\tb", "Control characters"),
        ("a\nb", "The text has to stand in one line (character 2 of the text, U+000A)."),
        ("a\rb", "one line"),
        ("a\u2028b", "one line"),
        ("\ud800", "One half of a divided character"),
        ("a\udfffb", "One half of a divided character"),
        ("\u202egnp.exe", "direction"),
        ("\u2066x\u2069", "direction"),
        ("\uffff", "no character"),
        ("\U0001fffe", "no character"),
        ("\ufdd0", "no character"),
        ("x" * 1_001, "The text has 1,001 characters; at most 1,000 are allowed."),
    ],
)
def test_text_that_harms_a_store_or_a_reader_is_refused_with_a_sentence(text: str, complaint: str) -> None:
    problem = text_problem(text, limit=1_000)
    assert problem
    assert complaint in problem
    assert problem.endswith(".")
    assert problem.isprintable()


def test_a_text_of_several_lines_may_have_tabs_and_common_line_breaks_only() -> None:
    assert text_problem("a\r\nb\n\tc", limit=20, multiline=True) is None
    for character in "\0\x0b\x0c\x1b\x85\u2028\u2029\u202e\ud800":
        assert text_problem(f"a{character}", limit=20, multiline=True)


def test_a_narrative_of_ten_megabytes_is_refused_by_its_length_alone() -> None:
    problem = text_problem("\0" * 10_000_000, limit=20_000)
    assert problem == "The text has 10,000,000 characters; at most 20,000 are allowed."


@given(st.text())
def test_accepted_text_can_be_encoded_and_printed_in_one_line(text: str) -> None:
    if text_problem(text, limit=1_000) is None:
        assert text.encode().decode() == text
        assert len(text.splitlines()) <= 1
        assert "\0" not in text


# Slugs and short texts.


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("2020 Kyrgyz post-election crisis", "2020-kyrgyz-post-election-crisis"),
        ("Клооп", "kloop"),
        ("24.kg", "24-kg"),
        ("Govori TV!", "govori-tv"),
        ("../../etc/passwd", "etc-passwd"),
        ("🔥", ""),
    ],
)
def test_a_slug_is_plain_ascii_from_any_script(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(ANY_TEXT)
def test_a_slug_needs_no_quoting_in_an_address_and_is_its_own_slug(text: str) -> None:
    slug = slugify(text)
    assert re.fullmatch("([a-z0-9]+(-[a-z0-9]+)*)?", slug)
    assert len(slug) <= 80
    assert slugify(slug) == slug


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("one two three", 10, "one two…"),
        ("one two, three", 10, "one two…"),
        ("one two three", 8, "one two…"),
        ("unbreakable", 5, "unbr…"),
        (" many\n blanks ", 20, "many blanks"),
        ("text", 1, "…"),
        ("text", 0, ""),
    ],
)
def test_a_text_is_shortened_at_a_word(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@given(ANY_TEXT, st.integers(0, 40))
def test_a_shortened_text_is_never_longer_than_asked_for(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


# Cells.

NOT_EMPTY = st.text(st.sampled_from("|\\ab'=\n") | st.characters(), min_size=1)


@given(st.lists(NOT_EMPTY))
def test_a_list_comes_back_out_of_its_cell(values: list[str]) -> None:
    assert split_list(join_list(values)) == values


def test_a_separator_inside_a_value_is_escaped() -> None:
    assert join_list(["a", "b"]) == "a|b"
    assert join_list(["a|b", "c\\d"]) == "a\\|b|c\\\\d"
    assert join_list([]) == ""
    assert split_list("") == []


@pytest.mark.parametrize("values", [[""], ["a", ""]])
def test_a_list_with_an_empty_value_cannot_be_written(values: list[str]) -> None:
    with pytest.raises(ValueError, match="empty value"):
        join_list(values)


@pytest.mark.parametrize("cell", ["a||b", "|", "a|", "|a", "a\\", "a\\b", "\\n"])
def test_a_cell_that_no_list_gives_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="list"):
        split_list(cell)


@given(st.text(st.sampled_from("=+-@＝＋－＠'\t\r\n\0 x1") | st.characters()))
def test_a_guarded_cell_begins_harmlessly_and_comes_back(cell: str) -> None:
    guarded = guard(cell)
    assert unguard(guarded) == cell
    assert guarded == cell or guarded == f"'{cell}"
    assert not guarded.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize(
    "cell",
    [
        *["=1+1", "+1", "-1", "@SUM", "＝1", "＋1", "－1", "＠a", "'x"],
        *["\tx", "\rx", "\nx", "\0x", "  =1", "\u00a0=1", "\ufeff=1", "\n=1", " '"],
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(cell: str) -> None:
    assert guard(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", " ", "x", "x=1", "1-1", "a'b", "a@b.org", "2020-10-05", "…", "–5"])
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert guard(cell) == cell
