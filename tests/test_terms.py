"""Index terms: what is ignored, how numbers are written, and what every term is made of."""

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index import terms
from index.terms import analyse, analyse_question, formal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rudy Mas'ud", "rudy masud"),
        ("Jum’at", "Jumat"),
        ("Qur‘an", "quran"),
        ("résumé François", "resume francois"),
        ("re\u0301sume\u0301", "résumé"),
        ("İstanbul", "istanbul"),
        ("Rp1.250.000", "Rp 1250000"),
        ("1,250,000", "1.250.000"),
        ("12,5 persen", "12.5 persen"),
        ("2024\u00a0kg", "2024 kg"),  # compatibility characters are read as what they stand for
        ("𝗕𝗮𝗻𝗷𝗶𝗿 𝑨𝒄𝒆𝒉", "banjir aceh"),
        ("COVID-19", "covid 19"),
        ("kader-kader", "kader kader"),
        ("bukunya", "buku"),
        ("membacakan", "bacaan"),
        ("(Samarinda).", "samarinda"),
    ],
)
def test_written_differently_but_found_alike(one: str, other: str):
    assert analyse(one) == analyse(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.250", "12.50"), ("1,2 triliun", "12 triliun"), ("12.5", "125"), ("banjir", "gempa")],
)
def test_different_things_stay_apart(one: str, other: str):
    assert analyse(one) != analyse(other)


def test_order_and_repeats_are_kept():
    assert analyse("gempa banjir gempa 7") == ["gempa", "banjir", "gempa", "7"]


def test_quotation_marks_do_not_join_words():
    assert analyse("kata 'banjir' itu") == ["kata", "banjir", "itu"]


def test_question_words_are_no_terms():
    assert analyse("Siapakah gubernur, kapan dan di mana?") == analyse("gubernur dan di")
    assert analyse("Apa? Mengapakah?!") == []


@pytest.mark.parametrize("text", ["", " \n", "?!…", "'", "😀"])
def test_nothing_to_index(text: str):
    assert analyse(text) == []


@given(st.text())
def test_terms_are_letters_and_digits_only(text: str):
    for term in analyse(text):
        assert term
        assert all(char.isalnum() and char.lower() == char for char in term), term
        assert re.fullmatch(r"[a-z0-9]*", "".join(char for char in term if char.isascii()))


@given(st.text())
def test_case_and_unicode_form_do_not_matter(text: str):
    assert analyse(unicodedata.normalize("NFD", text)) == analyse(unicodedata.normalize("NFC", text))


def test_threads_get_the_same_terms(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(terms, "_CACHED_TERMS", 50)  # so that the cache is emptied under them again and again
    texts = [f"pembangunan{chr(97 + number % 26)} berkelanjutan{chr(97 + number % 7)}nya" for number in range(500)]
    expected = [analyse(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        for found in threads.map(lambda _: [analyse(text) for text in texts], range(16)):
            assert found == expected


def test_a_question_in_chats_spelling_finds_what_the_same_question_in_full_finds():
    chat = analyse_question("brp org yg ngungsi krn banjir di jkt thn 2024 sih?")
    assert chat == analyse("Berapa orang yang ngungsi karena banjir di Jakarta tahun 2024?")
    assert analyse_question("Gmn kabar Mas'ud?") == analyse("Bagaimana kabar Mas'ud?")
    assert analyse_question("darimana asal Mas'ud sih") == analyse("asal Mas'ud")


@pytest.mark.parametrize(
    "text",
    ["Siapa Ama Lestari?", "October 9th, 2024", "petisi change.org", "gelar S.Pd", "Apa itu program Sapa Warga?"],
)
def test_names_addresses_and_ordinals_stay_what_they_are(text: str):
    assert formal(text) == text
    assert formal("Siapa Gub Kaltim?") == "Siapa gubernur Kaltim?"


@given(st.text(alphabet="abdgiknmoprsy ?'", max_size=30) | st.text(max_size=30))
def test_formal_spelling_stays_what_it_is(text: str):
    assert formal(formal(text)) == formal(text)


def test_abbreviations_in_capitals_stay_what_they_are():
    assert analyse_question("Kapan PROV berubah?") == analyse("Kapan PROV berubah?")
    assert analyse_question("Apa itu DPT dan BPK?") == analyse("Apa itu DPT dan BPK?")


@example("Apa itu NIH KOK")
@given(st.from_regex(r"([A-Z0-9]{1,6} ){0,8}", fullmatch=True))
def test_what_holds_no_word_of_chat_is_analysed_as_articles_are(text: str):
    assert analyse_question(text) == analyse(text)
