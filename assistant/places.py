"""Names of places that are governed: countries, and the provinces, cities and regencies of Indonesia.

They tell where the name of an office ends and that of its holder begins: "Bupati Kutai Barat" and then a person.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["ABBREVIATED", "COUNTRIES", "PLACES", "place_words"]


def _names(text: str) -> frozenset[str]:
    return frozenset(name for part in text.split(";") if (name := " ".join(part.split())))


COUNTRIES = _names(
    """
    AS; Afganistan; Amerika Serikat; Arab Saudi; Argentina; Australia; Bangladesh; Belanda; Brasil; Brunei; China;
    Cina; Ekuador; Filipina; Hungaria; India; Indonesia; Inggris; Irak; Iran; Israel; Italia; Jepang; Jerman;
    Kamboja; Kanada; Korea Selatan; Korea Utara; Kuba; Laos; Lebanon; Libya; Maladewa; Malaysia; Meksiko; Mesir;
    Myanmar; Nigeria; Norwegia; Pakistan; Palestina; Papua Nugini; Polandia; Portugal; Prancis; Qatar; RI; Rusia;
    Selandia Baru; Singapura; Spanyol; Sri Lanka; Sudan; Suriah; Swedia; Taiwan; Thailand; Timor Leste; Tiongkok;
    Turki; Ukraina; Uni Emirat Arab; Venezuela; Vietnam; Yaman; Yunani; Zimbabwe
    """
)
"""With the short names that news has for them."""

PROVINCES = _names(
    """
    Aceh; Sumatera Utara; Sumatera Barat; Riau; Kepulauan Riau; Jambi; Sumatera Selatan; Kepulauan Bangka Belitung;
    Bangka Belitung; Bengkulu; Lampung; DKI Jakarta; DKI; DKJ; Jakarta; Banten; Jawa Barat; Jawa Tengah; DIY; Daerah
    Istimewa Yogyakarta; Yogyakarta; Jawa Timur; Bali; Nusa Tenggara Barat; Nusa Tenggara Timur; NTB; NTT;
    Kalimantan Barat; Kalimantan Tengah; Kalimantan Selatan; Kalimantan Timur; Kalimantan Utara; Sulawesi Utara;
    Gorontalo; Sulawesi Tengah; Sulawesi Barat; Sulawesi Selatan; Sulawesi Tenggara; Maluku; Maluku Utara; Papua;
    Papua Barat; Papua Barat Daya; Papua Pegunungan; Papua Selatan; Papua Tengah; Jabar; Jateng; Jatim; Kalbar;
    Kalsel; Kalteng; Kaltim; Kaltara; Kepri; Babel; Sumut; Sumbar; Sumsel; Sulsel; Sulteng; Sulut; Sultra; Sulbar
    """
)
"""The 38 of 2024, and their abbreviations."""

ABBREVIATED = {
    "babel": "Bangka Belitung", "jabar": "Jawa Barat", "jateng": "Jawa Tengah", "jatim": "Jawa Timur",
    "kalbar": "Kalimantan Barat", "kalsel": "Kalimantan Selatan", "kaltara": "Kalimantan Utara",
    "kalteng": "Kalimantan Tengah", "kaltim": "Kalimantan Timur", "kepri": "Kepulauan Riau",
    "ntb": "Nusa Tenggara Barat", "ntt": "Nusa Tenggara Timur", "sulbar": "Sulawesi Barat",
    "sulsel": "Sulawesi Selatan", "sulteng": "Sulawesi Tengah", "sultra": "Sulawesi Tenggara",
    "sulut": "Sulawesi Utara", "sumbar": "Sumatera Barat", "sumsel": "Sumatera Selatan", "sumut": "Sumatera Utara",
    "jakarta": "DKI Jakarta", "solo": "Surakarta", "kukar": "Kutai Kartanegara", "kutim": "Kutai Timur",
    "kubar": "Kutai Barat", "mahulu": "Mahakam Ulu", "ppu": "Penajam Paser Utara",
}  # fmt: skip
"""Short names of provinces and of some cities and regencies, in lower case -> the full ones."""

REGENCIES = _names(
    """
    Aceh Barat; Aceh Barat Daya; Aceh Besar; Aceh Jaya; Aceh Selatan; Aceh Singkil; Aceh Tamiang; Aceh Tengah; Aceh
    Tenggara; Aceh Timur; Aceh Utara; Agam; Alor; Ambon; Asahan; Asmat; Badung; Balangan; Balikpapan; Banda Aceh;
    Bandar Lampung; Bandung; Bandung Barat; Banggai; Banggai Kepulauan; Banggai Laut; Bangka; Bangka Barat; Bangka
    Selatan; Bangka Tengah; Bangkalan; Bangli; Banjar; Banjarbaru; Banjarmasin; Banjarnegara; Bantaeng; Bantul;
    Banyuasin; Banyumas; Banyuwangi; Barito Kuala; Barito Selatan; Barito Timur; Barito Utara; Barru; Batam; Batang;
    Batanghari; Batu; Batu Bara; Baubau; Bekasi; Belitung; Belitung Timur; Belu; Bener Meriah; Bengkalis;
    Bengkayang; Bengkulu Selatan; Bengkulu Tengah; Bengkulu Utara; Berau; Biak Numfor; Binjai; Bintan; Bireuen;
    Bitung; Blitar; Blora; Boalemo; Bogor; Bojonegoro; Bolaang Mongondow; Bolaang Mongondow Selatan; Bolaang
    Mongondow Timur; Bolaang Mongondow Utara; Bombana; Bondowoso; Bone; Bone Bolango; Bontang; Boven Digoel;
    Boyolali; Brebes; Bukittinggi; Buleleng; Bulukumba; Bulungan; Bungo; Buol; Buru; Buru Selatan; Buton; Buton
    Selatan; Buton Tengah; Buton Utara; Ciamis; Cianjur; Cilacap; Cilegon; Cimahi; Cirebon; Dairi; Deiyai; Deli
    Serdang; Demak; Denpasar; Depok; Dharmasraya; Dogiyai; Dompu; Donggala; Dumai; Empat Lawang; Ende; Enrekang;
    Fakfak; Flores Timur; Garut; Gayo Lues; Gianyar; Gorontalo Utara; Gowa; Gresik; Grobogan; Gunung Mas;
    Gunungkidul; Gunungsitoli; Halmahera Barat; Halmahera Selatan; Halmahera Tengah; Halmahera Timur; Halmahera
    Utara; Hulu Sungai Selatan; Hulu Sungai Tengah; Hulu Sungai Utara; Humbang Hasundutan; Indragiri Hilir;
    Indragiri Hulu; Indramayu; Intan Jaya; Jakarta Barat; Jakarta Pusat; Jakarta Selatan; Jakarta Timur; Jakarta
    Utara; Jayapura; Jayawijaya; Jember; Jembrana; Jeneponto; Jepara; Jombang; Kaimana; Kampar; Kapuas; Kapuas Hulu;
    Karanganyar; Karangasem; Karawang; Karimun; Karo; Katingan; Kaur; Kayong Utara; Kebumen; Kediri; Keerom; Kendal;
    Kendari; Kepahiang; Kepulauan Anambas; Kepulauan Aru; Kepulauan Mentawai; Kepulauan Meranti; Kepulauan Sangihe;
    Kepulauan Selayar; Kepulauan Seribu; Kepulauan Siau Tagulandang Biaro; Kepulauan Sula; Kepulauan Talaud;
    Kepulauan Tanimbar; Kepulauan Yapen; Kerinci; Ketapang; Klaten; Klungkung; Kolaka; Kolaka Timur; Kolaka Utara;
    Konawe; Konawe Kepulauan; Konawe Selatan; Konawe Utara; Kotabaru; Kotamobagu; Kotawaringin Barat; Kotawaringin
    Timur; Kuantan Singingi; Kubar; Kubu Raya; Kudus; Kukar; Kulon Progo; Kuningan; Kupang; Kutai Barat; Kutai
    Kartanegara; Kutai Timur; Kutim; Labuhanbatu; Labuhanbatu Selatan; Labuhanbatu Utara; Lahat; Lamandau; Lamongan;
    Lampung Barat; Lampung Selatan; Lampung Tengah; Lampung Timur; Lampung Utara; Landak; Langkat; Langsa; Lanny
    Jaya; Lebak; Lebong; Lembata; Lhokseumawe; Lima Puluh Kota; Lingga; Lombok Barat; Lombok Tengah; Lombok Timur;
    Lombok Utara; Lubuklinggau; Lumajang; Luwu; Luwu Timur; Luwu Utara; Madiun; Magelang; Magetan; Mahakam Ulu;
    Mahulu; Majalengka; Majene; Makassar; Malaka; Malang; Malinau; Maluku Barat Daya; Maluku Tengah; Maluku
    Tenggara; Mamasa; Mamberamo Raya; Mamberamo Tengah; Mamuju; Mamuju Tengah; Manado; Mandailing Natal; Manggarai;
    Manggarai Barat; Manggarai Timur; Manokwari; Manokwari Selatan; Mappi; Maros; Mataram; Maybrat; Medan; Melawi;
    Mempawah; Merangin; Merauke; Mesuji; Metro; Mimika; Minahasa; Minahasa Selatan; Minahasa Tenggara; Minahasa
    Utara; Mojokerto; Morowali; Morowali Utara; Muara Enim; Muaro Jambi; Mukomuko; Muna; Muna Barat; Murung Raya;
    Musi Banyuasin; Musi Rawas; Musi Rawas Utara; Nabire; Nagan Raya; Nagekeo; Natuna; Nduga; Ngada; Nganjuk; Ngawi;
    Nias; Nias Barat; Nias Selatan; Nias Utara; Nunukan; Ogan Ilir; Ogan Komering Ilir; Ogan Komering Ulu; Ogan
    Komering Ulu Selatan; Ogan Komering Ulu Timur; PPU; Pacitan; Padang; Padang Lawas; Padang Lawas Utara; Padang
    Panjang; Padang Pariaman; Padangsidimpuan; Pagar Alam; Pakpak Bharat; Palangka Raya; Palembang; Palopo; Palu;
    Pamekasan; Pandeglang; Pangandaran; Pangkajene dan Kepulauan; Pangkalpinang; Pangkep; Paniai; Parepare;
    Pariaman; Parigi Moutong; Pasaman; Pasaman Barat; Pasangkayu; Paser; Pasuruan; Pati; Payakumbuh; Pegunungan
    Arfak; Pegunungan Bintang; Pekalongan; Pekanbaru; Pelalawan; Pemalang; Pematangsiantar; Penajam Paser Utara;
    Penukal Abab Lematang Ilir; Pesawaran; Pesisir Barat; Pesisir Selatan; Pidie; Pidie Jaya; Pinrang; Pohuwato;
    Polewali Mandar; Ponorogo; Pontianak; Poso; Prabumulih; Pringsewu; Probolinggo; Pulang Pisau; Pulau Morotai;
    Pulau Taliabu; Puncak; Puncak Jaya; Purbalingga; Purwakarta; Purworejo; Raja Ampat; Rejang Lebong; Rembang;
    Rokan Hilir; Rokan Hulu; Rote Ndao; Sabang; Sabu Raijua; Salatiga; Samarinda; Sambas; Samosir; Sampang; Sanggau;
    Sarmi; Sarolangun; Sawahlunto; Sekadau; Seluma; Semarang; Seram Bagian Barat; Seram Bagian Timur; Serang;
    Serdang Bedagai; Seruyan; Siak; Sibolga; Sidenreng Rappang; Sidoarjo; Sigi; Sijunjung; Sikka; Simalungun;
    Simeulue; Singkawang; Sinjai; Sintang; Situbondo; Sleman; Solo; Solok; Solok Selatan; Soppeng; Sorong; Sorong
    Selatan; Sragen; Subang; Subulussalam; Sukabumi; Sukamara; Sukoharjo; Sumba Barat; Sumba Barat Daya; Sumba
    Tengah; Sumba Timur; Sumbawa; Sumbawa Barat; Sumedang; Sumenep; Sungai Penuh; Supiori; Surabaya; Surakarta;
    Tabalong; Tabanan; Takalar; Tambrauw; Tana Tidung; Tana Toraja; Tanah Bumbu; Tanah Datar; Tanah Laut; Tangerang;
    Tangerang Selatan; Tanggamus; Tanjung Jabung Barat; Tanjung Jabung Timur; Tanjungbalai; Tanjungpinang; Tapanuli
    Selatan; Tapanuli Tengah; Tapanuli Utara; Tapin; Tarakan; Tasikmalaya; Tebing Tinggi; Tebo; Tegal; Teluk
    Bintuni; Teluk Wondama; Temanggung; Ternate; Tidore Kepulauan; Timor Tengah Selatan; Timor Tengah Utara; Toba;
    Tojo Una-Una; Tolikara; Tolitoli; Tomohon; Toraja Utara; Trenggalek; Tual; Tuban; Tulang Bawang; Tulang Bawang
    Barat; Tulungagung; Wajo; Wakatobi; Waropen; Way Kanan; Wonogiri; Wonosobo; Yahukimo; Yalimo
    """
)
"""Cities and regencies. Bima is left out: it is as often somebody's name."""

PLACES = COUNTRIES | PROVINCES | REGENCIES
"""All of them."""


def place_words(words: Sequence[str]) -> int:
    """How many of the words, from the first, make the longest name of a place; 0 where they begin with none."""
    return next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in PLACES), 0)
