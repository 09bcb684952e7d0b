"""Claims against what they cite. The article is written here, so that every expected verdict can be seen."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Citation, Support
from assistant.verification import unquoted, verify, verify_answer
from benchmarks.verification import CORRECT, cases
from index.sentences import sentence_spans
from index.types import Article

ARTICLE = Article(
    title="Pasar Sungai Dama dibuka lagi",
    text=(
        "Wali Kota Andra Wiranata membuka kembali Pasar Sungai Dama di Samarinda, Senin (7/10). "
        "Ia menyebut biaya perbaikannya Rp1,2 triliun, naik dari Rp900 miliar.\n\n"
        "Kios di lantai satu berjumlah 613 unit, sedangkan di lantai dua 552 unit. "
        "“Pedagang tidak dipungut sewa sampai Desember,” kata Kepala Dinas Perdagangan (Disdag) Mas'ud Hakim. "
        "Keesokan harinya Bupati Sinta Dewi meninjau pasar itu."
    ),
    publisher="Kabar Mahakam",
    published=date(2024, 10, 8),
)
SENTENCES = sentence_spans(ARTICLE.text)


def cite(*words: str) -> list[Citation]:
    found = []
    for number, part in enumerate(words, start=1):
        place = ARTICLE.text.index(part)
        start, end = next(span for span in SENTENCES if span[0] <= place < span[1])
        found.append(Citation(number=number, article=ARTICLE, start=start, end=end))
    return found


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("Pasar Sungai Dama dibuka kembali pada Senin, 7 Oktober 2024.", "membuka kembali"),
        ("Biaya perbaikan pasar itu 1.200 miliar rupiah.", "menyebut biaya"),
        ("Biayanya naik dari Rp900 miliar menjadi Rp1,2 triliun.", "menyebut biaya"),
        ("Andra Wiranata menyebut biayanya Rp1,2 triliun.", "menyebut biaya"),  # "ia" is the one named before
        ("Lantai satu memuat 613 kios dan lantai dua 552 kios.", "Kios di lantai"),
        ("Masud Hakim mengatakan pedagang tidak dipungut sewa.", "Pedagang tidak"),
        ("Menurut Disdag, pedagang bebas sewa sampai Desember.", "Pedagang tidak"),
        ("“Pedagang tidak dipungut sewa sampai Desember,” kata Mas’ud Hakim.", "Pedagang tidak"),
        ('"Pedagang tidak dipungut sewa" di Pasar Sungai Dama.', "Pedagang tidak"),
        ("Sinta Dewi meninjau Pasar Sungai Dama pada 8 Oktober 2024.", "Keesokan harinya"),
    ],
)
def test_what_is_so(claim: str, cited: str) -> None:
    assert verify(claim, cite(cited)).reason == ""
    assert verify(claim, cite(cited)).support is Support.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "cited", "named"),
    [
        ("Pasar itu dibuka pada 6 Oktober 2024.", "membuka kembali", "6 Oktober 2024"),
        ("Pasar itu dibuka pada Selasa, 7 Oktober 2024.", "membuka kembali", "Selasa"),
        ("Biayanya Rp1,3 triliun.", "menyebut biaya", "Rp1,3 triliun"),
        ("Biayanya 1,2 persen.", "menyebut biaya", "1,2 persen"),
        ("Biayanya turun dari Rp900 miliar.", "menyebut biaya", "hal lain"),
        ("Biayanya naik menjadi Rp900 miliar.", "menyebut biaya", "hal lain"),
        ("Sinta Dewi membuka kembali pasar itu.", "membuka kembali", "Sinta Dewi"),
        ("Sinta Dewi menyebut biayanya Rp1,2 triliun.", "menyebut biaya", "Sinta Dewi"),
        ("Mas'ud Halim mengatakan pedagang tidak dipungut sewa.", "Pedagang tidak", "Halim"),
        ("Pedagang dipungut sewa sampai Desember.", "Pedagang tidak", "dipungut"),
        ("“Pedagang bebas sewa sampai Desember,” kata Mas'ud Hakim.", "Pedagang tidak", "Pedagang bebas"),
        ("Sinta Dewi meninjau pasar pada 7 Oktober 2024.", "Keesokan harinya", "7 Oktober"),
        ("Harga cabai di pasar tradisional terus melonjak pekan ini.", "Kios di lantai", "tidak menyatakan"),
    ],
)
def test_what_is_not_so_is_named_in_the_reason(claim: str, cited: str, named: str) -> None:
    verdict = verify(claim, cite(cited))
    assert verdict.support is Support.UNSUPPORTED
    assert named in verdict.reason


def test_what_the_article_says_elsewhere_is_partly_supported() -> None:
    verdict = verify("Kios di pasar yang menelan Rp1,2 triliun itu berjumlah 613 unit.", cite("Kios di lantai"))
    assert verdict.support is Support.PARTLY
    assert "ada dalam artikelnya" in verdict.reason


@pytest.mark.parametrize(
    ("claim", "added"),
    [
        ("Jembatan ini ilegal.", "ilegal"),
        ("Bupati Wirya Kusuma korupsi.", "korupsi"),
        ("Wirya Kusuma ditangkap.", "ditangkap"),
        ("Warga Rantau Indah marah.", "marah"),
        ("Jembatan Rantau Indah milik warga.", ""),
        ("Panjang jembatan ini 640 meter.", ""),
        ("Jembatan Rantau Indah panjang.", ""),
    ],
)
def test_a_word_that_says_it_all_has_to_be_in_the_source(claim: str, added: str) -> None:
    bridge = Article(
        title="Jembatan Rantau Indah selesai",
        text='Panjang Jembatan Rantau Indah 640 meter. "Jembatan ini milik warga," kata Bupati Wirya Kusuma.',
    )
    verdict = verify(claim, [Citation(number=1, article=bridge, start=0, end=len(bridge.text))])
    assert (verdict.support is not Support.SUPPORTED) is bool(added)
    assert added in verdict.reason


def test_several_citations_support_together() -> None:
    claim = "Pasar dengan biaya Rp1,2 triliun itu memiliki 613 kios di lantai satu."
    assert verify(claim, cite("Kios di lantai", "menyebut biaya")).support is Support.SUPPORTED


def test_nothing_cited_is_unsupported_however_true() -> None:
    assert verify("Lantai satu memuat 613 kios.", []).support is Support.UNSUPPORTED


def test_english_claims_and_reasons() -> None:
    cited = cite("menyebut biaya")
    assert verify("The repairs cost Rp1.2 trillion, up from Rp900 billion.", cited, language="en").reason == ""
    verdict = verify("The repairs cost Rp2.1 trillion.", cited, language="en")
    assert verdict.support is Support.UNSUPPORTED
    assert verdict.reason.startswith("The cited source does not give “Rp2.1 trillion”")


def test_an_answer_is_split_into_claims_with_their_markers() -> None:
    citations = cite("membuka kembali", "menyebut biaya")
    text = "Pasar dibuka Senin, 7 Oktober 2024 [1]. Biayanya Rp1,5 triliun. [2][9] Warga senang."
    first, second, third = verify_answer(text, citations)
    assert (first.text, first.citations) == ("Pasar dibuka Senin, 7 Oktober 2024.", (1,))
    assert (second.text, second.citations) == ("Biayanya Rp1,5 triliun.", (2,))
    assert (third.text, third.citations) == ("Warga senang.", ())
    assert [claim.support for claim in (first, second, third)] == [
        Support.SUPPORTED,
        Support.UNSUPPORTED,
        Support.UNSUPPORTED,
    ]


def test_a_statement_that_is_a_quotation_is_a_quoted_claim() -> None:
    (citation,) = cite("Kios di lantai")
    (claim,) = verify_answer(f"“{citation.quote}” [1]", [citation])
    assert claim.quoted
    assert claim.text == citation.quote


def test_only_verbatim_words_keep_their_marks() -> None:
    text = "Ia berkata “pedagang bebas sewa” dan “tidak dipungut sewa”."
    assert unquoted(text, cite("Pedagang tidak")) == "Ia berkata pedagang bebas sewa dan “tidak dipungut sewa”."


@given(st.integers(0, len(ARTICLE.text) - 1), st.integers(1, 300))
def test_cited_words_keep_their_marks(start: int, size: int) -> None:
    citation = Citation(number=1, article=ARTICLE, start=start, end=min(len(ARTICLE.text), start + size))
    words = citation.quote.translate(str.maketrans("", "", "“”"))
    if words == citation.quote and words.strip(" .,\n"):
        assert unquoted(f"“{words}”", [citation]) == f"“{words}”"


@pytest.mark.parametrize("span", SENTENCES)
def test_every_sentence_supports_itself(span: tuple[int, int]) -> None:
    citation = Citation(number=1, article=ARTICLE, start=span[0], end=span[1])
    assert verify(citation.quote, [citation]).support is Support.SUPPORTED
    assert verify(f"Benar: {citation.quote}", [citation]).support is Support.SUPPORTED


@given(st.text(max_size=120))
def test_any_text_can_be_checked(text: str) -> None:
    verify(text, cite("Kios di lantai"))
    verify_answer(text, cite("Kios di lantai"), language="en")


def test_scripted_wrong_answers_are_caught_and_right_ones_pass() -> None:
    found = list(cases())
    wrong = [case for case in found if case.kind != CORRECT]
    right = [case for case in found if case.kind == CORRECT]
    assert (len(wrong), len(right)) == (100, 100)
    assert sum(case.flagged for case in wrong) >= 95
    assert sum(case.flagged for case in right) <= 5
