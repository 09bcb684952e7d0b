"""Sentence boundaries. In the examples "¦" marks every boundary and is no part of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import MAX_SENTENCE, sentence_spans

EXAMPLES = {
    "plain": "Sidang dibuka pagi hari. ¦Warga menunggu di luar. ¦Hujan turun!",
    "question": "Kapan jembatan dibuka? ¦Dinas belum menjawab.",
    "doctor": "Pasien diperiksa dr. Wahyu dan drg. Melati. ¦Keduanya bertugas malam.",
    "titles in a row": "Rapat dipimpin Prof. Dr. H. Ir. Wirya Kusuma, S.H., M.Si. di Tenggarong. ¦Acara selesai sore.",
    "title opens": "Drs. H. Mulyadi membuka pameran. ¦Hj. Salmah menutupnya.",
    "degree ends": "Pembicara utama adalah Rina Lestari, S.H., M.Hum. ¦Diskusi dimulai pukul sembilan.",
    "degree goes on": "Menurut Rina Lestari, S.Pd. hal itu wajar.",
    "two degrees without comma": "Surat diteken Budi Laksana, S.E. M.M. kemarin.",
    "religious titles": "KH. Zainuddin dan Hj. St. Aminah hadir. ¦K.H. Anwar berhalangan.",
    "titles in a list": "Hadir H. Salim, H. Umar, dan H. Zaki. ¦Mereka pulang malam.",
    "initials that look like a degree": "Panitia diketuai S.E. Prawira sejak Mei.",
    "century": "Candi itu dibangun pada abad ke-9 M. ¦Batunya andesit.",
    "circa": "Raja itu (skt. 1186) memerintah lama (Wirya et al. 2006).",
    "ranks": "Letjen. Sutarman digantikan Kol. Inf. Prasetya. ¦AKBP. Nuraini menjadi juru bicara.",
    "retired": "Jenderal TNI (Purn.) Wiratama tiba lebih dulu.",
    "company": "Kontrak dipegang PT. Sungai Jernih bersama CV. Karya Kita. ¦Nilainya dirahasiakan.",
    "listed company ends": "Saham naik di PT Awan Biru Tbk. ¦Perusahaan itu berdiri tahun lalu.",
    "listed company goes on": "PT Awan Biru Tbk. (AWBI) membagikan dividen.",
    "address": "Kantornya di Jl. Mawar No. 12, Kel. Sungai Pinang, Kec. Ulu, Kab. Contoh. ¦Buka setiap hari.",
    "number sign": "Peraturan Gubernur No. 3 Tahun 2024 berlaku. ¦Aturan lama dicabut.",
    "article of a law": "Hal itu diatur dalam Pasal 5 ayat (2). ¦Sanksinya berupa denda.",
    "page": "Kutipan itu ada di hlm. 45 dan hal. 46. ¦Sumbernya arsip daerah.",
    "word that looks like one": "Ia menjelaskan beberapa hal. ¦Pertama, jadwal berubah.",
    "etc. ends": "Warga membawa beras, minyak, dll. ¦Bantuan dibagikan siang.",
    "etc. goes on": "Beras, minyak, dsb. dibagikan kepada warga.",
    "and others": "Laporan Sari dkk. terbit bulan ini. ¦Isinya ringkas.",
    "on behalf of": "Surat a.n. Bupati dikirim u.p. Kepala Bagian Umum. ¦Balasan ditunggu.",
    "until": "Pendaftaran dibuka 3 s.d. 9 Mei. ¦Kuota terbatas.",
    "rupiah": "Harganya Rp1.250.000 per unit. ¦Pajaknya Rp. 50.000 saja.",
    "decimal comma": "Angka itu naik 3,75 persen menjadi 12,5. ¦Tahun lalu hanya 9.",
    "time of day": "Rapat mulai pukul 13.05 WIB. ¦Rapat usai pukul 15.30 WITA.",
    "day in brackets": "Acara digelar pada Minggu (6/10). ¦Ribuan orang datang.",
    "ends in a year": "Gedung berdiri pada 1998. ¦15 tahun kemudian gedung dipugar.",
    "initials": "Patung B.J. Habibie diresmikan. ¦Jalan A. H. Nasution ditutup.",
    "initial inside a name": "Pidato Ahmad M. Fauzi disambut meriah.",
    "letter that is no initial": "Buah ini kaya vitamin C. ¦Sayur juga baik.",
    "group letter": "Timnas masuk Grup D. ¦Laga pertama pekan depan.",
    "initial before an opener": "Rencana itu dikenal sebagai Rencana X. ¦Namun belum disetujui.",
    "web address": "Baca di antaranews.com dan www.contoh.co.id. ¦Situs itu gratis.",
    "mail and version": "Kirim ke humas@contoh.go.id versi 2.1 saja. ¦Batasnya Jumat.",
    "dotted place": "Ia kuliah di Washington D.C. pada 1999. ¦Lalu pulang.",
    "ellipsis goes on": "Kami menunggu... dan terus menunggu. ¦Akhirnya bus datang.",
    "ellipsis ends": "Lalu semuanya gelap... ¦Pagi harinya listrik menyala.",
    "ellipsis sign": "Kami ragu… tetapi tetap berangkat.",
    "several marks": "Benarkah begitu?! ¦Tidak ada yang tahu!!! ¦Semua diam.",
    "quotation with comma": '"Jalan ini akan lebih lebar," ujar Wirya di Samarinda, Senin. ¦Pekerjaan dimulai besok.',
    "short quotation stays whole": '"Kami siap. Tidak ada jalan lain," katanya. ¦Rapat pun bubar.',
    "curly quotation": "“Kami siap. Semua sudah dicek,” kata Melati. ¦Ia tersenyum.",
    "quotation with question": '"Siapa yang datang?" tanya dia. ¦Tak ada jawaban.',
    "quotation with exclamation": "“Ayo maju!” seru para suporter. ¦Laga pun dimulai.",
    "quotation that ends": 'Wirya berkata, "Air mulai surut." ¦Warga kembali ke rumah.',
    "two sentences after the verb": 'Wirya berkata, "Air surut. Jalan kering." ¦Warga kembali ke rumah.',
    "quotation without speaker": '"Air surut." ¦"Jalan kering." ¦Begitulah isi papan itu.',
    "capital after the mark": '"Harga stabil." Ujar Melati kepada wartawan. ¦Pasar ramai.',
    "quotation inside": 'Lagu "Siapa Dia?" kembali diputar. ¦Penonton bernyanyi.',
    "single quotes": "'Siapa?' tanya anak itu. ¦Ibunya menoleh.",
    "spaced marks": '" Kami siap . Semua lengkap , " kata Melati . ¦Rapat usai pukul 10.00 .',
    "spaced closing mark": 'Ia menegaskan , " Tidak ada pungutan . " ¦Warga lega .',
    "bracketed sentence": "Pasar tutup lebih awal. ¦(Baca juga: jadwal pasar.) ¦Pedagang pulang.",
    "byline": "Polisi masih menyelidiki. ¦(abc)",
    "reference": "Kota itu berdiri pada 1668.[3] ¦Namanya berubah kemudian.[4][12] ¦Kini ramai.",
    "numbered list": "Ada tiga syarat:\n¦1. Kartu penduduk.\n¦2. Surat sehat\n¦3. Pas foto",
    "numbered in line": "Syaratnya: 1. Kartu penduduk. ¦2. Surat sehat. ¦3. Pas foto.",
    "bullets": "Yang dibawa:\n¦- beras\n¦- gula\n¦• kopi",
    "lettered list": "Hasil rapat\n¦a. Jadwal tetap\n¦b. Biaya turun",
    "heading": "Jembatan Baru Dibuka\n\n¦Samarinda - Jembatan dibuka Senin. ¦Warga senang.",
    "heading on the line before": "Jembatan Baru Dibuka\n¦"
    + "Warga berdatangan sejak pagi untuk melihat peresmian itu " * 3,
    "markdown heading": "# Jembatan baru di kota kami yang telah lama ditunggu\n¦Warga senang sekali dengan itu.",
    "hard-wrapped": "Pemerintah daerah mengumumkan bahwa jembatan di atas sungai\nitu akan dibuka untuk umum "
    "mulai Senin pagi. ¦Gubernur\nKalimantan Timur dijadwalkan hadir bersama para wali kota\ndan bupati.",
    "wrapped before a capital": "Acara yang sangat dinantikan itu dihadiri langsung oleh Dr.\nWahyu dan rombongan.",
    "lines are paragraphs": "Kota Raja\n¦Kota Bangun\n¦Muara Jawa",
    "windows line ends": "Judul Berita\r\n\r\n¦Isi berita pendek.\r\n¦Isi lain.",
    "no space after the stop": "Rapat sudah selesai.¦Kemudian warga pulang. ¦Hujan turun.",
    "lower case throughout": "kami sudah datang. ¦mereka belum.",
    "brand": "Ia memakai Yahoo! sejak lama. ¦Sekarang tidak.",
    "brackets after the stop": "Ia (lahir 5 Mei) wafat. ¦Makamnya di sana.",
    "English": 'Mr. Smith arrived at 5 p.m. on Monday. ¦He said, "We are ready. Let\'s go." ¦They left.',
    "no full stop": "Foto oleh warga",
}


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def assert_covers(text: str) -> None:
    """Ordered, apart, trimmed, bounded, and every visible character inside."""
    reached = 0
    for start, end in sentence_spans(text):
        assert reached <= start < end <= start + MAX_SENTENCE
        assert not text[reached:start].strip()
        assert text[start:end] == text[start:end].strip()
        reached = end
    assert not text[reached:].strip()


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_boundaries(example: str) -> None:
    assert sentences(example.replace("¦", "")) == [part.strip() for part in example.split("¦")]


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_a_paragraph_is_cut_the_same_wherever_it_stands(example: str) -> None:
    text = example.replace("¦", "")
    assert sentences(f"Pembuka.\n\n{text}\n\nPenutup.") == ["Pembuka.", *sentences(text), "Penutup."]


def test_a_long_quotation_is_cut_and_its_last_sentence_keeps_the_speaker() -> None:
    said = "Kami sudah memeriksa semua tiang jembatan itu satu per satu sejak pagi. " * 5
    found = sentences(f'"{said}Hasilnya baik," ujar Wirya.')
    assert len(found) == 6
    assert found[-1] == 'Hasilnya baik," ujar Wirya.'


def test_nothing_visible_means_no_sentence() -> None:
    assert sentence_spans("") == []
    assert sentence_spans(" \n\t\u2028 ") == []


def test_text_without_stops_is_cut_at_commas_then_at_words_then_anywhere() -> None:
    clauses = sentences("kami berjalan jauh sekali, " * 200)
    assert all(clause.endswith("sekali,") for clause in clauses)
    words = sentences("kata " * 1000)
    assert {word for piece in words for word in piece.split()} == {"kata"}
    assert [len(piece) for piece in sentences("a" * 2500)] == [MAX_SENTENCE, MAX_SENTENCE, 500]


@given(st.text())
def test_any_text_is_covered(text: str) -> None:
    assert_covers(text)


MARKS = st.sampled_from(" .\"“”'’!?…()[]3,:-#•\n\r\u00a0\u2028")
WORDS = st.sampled_from(
    ("...", "[3]", "  ", "\n\n", "No", "Dr", "H", "S.H", "1", "Rp5.000", "Tbk", "dll", "kata", "Ia", "Kota")
)


@given(st.lists(MARKS | WORDS, max_size=80).map("".join))
def test_any_mixture_of_marks_and_words_is_covered(text: str) -> None:
    assert_covers(text)


@pytest.mark.parametrize(
    "unit",
    [
        ".",
        ". ",
        '"',
        '" ',
        '."',
        '". ',
        "a. ",
        "A. ",
        "a.",
        "“",
        "”",
        "(",
        "[1]",
        "\n",
        "a\n",
        ".\n",
        " ",
        "x",
        "...a ",
        "“a. ",
    ],
)
def test_pathological_text_takes_linear_time(unit: str) -> None:
    # Quadratic work on this many characters would not finish: that is the assertion.
    assert_covers(unit * (200_000 // len(unit)))
