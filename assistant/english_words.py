"""English words that questions have and parallel texts seldom show: base forms, irregular verbs, the words of news.

They stand beside the lexicon that word alignment made (``models/english``), which goes before them.
"""

from __future__ import annotations

__all__ = ["WORDS"]

_PAIRS = """
abroad luar negeri; accompany mendampingi; accuse menuduh; acting pelaksana tugas; afford mampu; alleged diduga; ankle
pergelangan kaki; appoint menunjuk; athlete atlet; aviation penerbangan; baby bayi; badminton bulu tangkis; barred
dilarang; battery baterai; beat mengalahkan; beaten dikalahkan; beating pemukulan; belong milik; birthday ulang tahun;
blasphemy penistaan; blast ledakan; boss bos; boxing tinju; boyfriend pacar; break pecah; bring membawa; broken patah;
brought membawa; burn membakar; burned terbakar; burning terbakar; businessman pengusaha; bylaw peraturan daerah;
camera kamera; captain kapten; catch menangkap; cattle ternak; caught tertangkap; charity amal; cheaper lebih murah;
cheapest termurah; chief kepala; cite menyebut; cited menyebut; colour warna; comeback kembali; commander komandan;
compete bersaing; competition kompetisi; congress kongres; corpse jenazah; criticise mengkritik; customs bea cukai;
debut debut; deep dalam; deploy mengerahkan; deployed dikerahkan; deputy wakil; detain menahan; detective detektif;
diplomat diplomat; dismiss memecat; dismissal pemecatan; divorce cerai; documentary dokumenter; doubles ganda; draw
imbang; drew imbang; drove mengemudi; drown tenggelam; drowned tenggelam; earlier sebelumnya; earn memperoleh; embassy
kedutaan besar; engine mesin; evacuate mengungsi; exodus mudik; expel mengusir; fail gagal; fake palsu; farewell
perpisahan; fast cepat; fee biaya; fled melarikan diri; flee melarikan diri; flew terbang; fly terbang; footage
rekaman; forecast perkiraan; fought melawan; foul pelanggaran; fouled dilanggar; girlfriend pacar; govern memerintah;
governs mengatur; guilty bersalah; hacked diretas; handover serah terima; headquartered bermarkas; headquarters
markas; hear mendengar; heard mendengar; heat panas; hide menyembunyikan; hired dipekerjakan; hostage sandera; hurt
terluka; illegal ilegal; immigration imigrasi; indictment dakwaan; inquiry penyelidikan; inspector inspektur; insult
menghina; internship magang; invite mengundang; jailed dipenjara; join bergabung; joined bergabung; kept menjaga; knew
tahu; laundering pencucian; leak bocor; lend meminjamkan; lift mengangkat; maker pembuat; maritime maritim; militant
militan; missile rudal; motorbike sepeda motor; museum museum; naturalised naturalisasi; neighbour tetangga; nickname
julukan; organiser penyelenggara; outlet gerai; overhaul perombakan; parade parade; payment pembayaran; penalty
penalti; plenary pleno; policeman polisi; praise memuji; praised memuji; presidential presiden; pretrial praperadilan;
profession profesi; property properti; provincial provinsi; punish menghukum; punishment hukuman; quit mundur; raid
penggerebekan; rape pemerkosaan; react menanggapi; recognise mengakui; referee wasit; refuse menolak; reject menolak;
renovation renovasi; rent sewa; replacement pengganti; retire pensiun; retired pensiun; reveal mengungkap; reward
hadiah; ride naik; rider pebalap; riot kerusuhan; rob merampok; robbed dirampok; robber perampok; round putaran;
runner pelari; satellite satelit; saw melihat; sell menjual; sequel sekuel; shelter penampungan; shirt kaos; shoot
menembak; shooting penembakan; sign menandatangani; sink tenggelam; speak berbicara; spoke berbicara; stall kios; star
bintang; starring dibintangi; startup startup; steal mencuri; stole mencuri; stolen dicuri; story cerita; strengthen
memperkuat; sue menggugat; suing menggugat; summon memanggil; summoned dipanggil; suspension skorsing; swim berenang;
sworn dilantik; tattoo tato; taught mengajar; taxi taksi; teenager remaja; terror teror; testify bersaksi; thief
pencuri; threaten mengancam; thrown dilempar; tied imbang; tour tur; trophy trofi; twins kembar; vendor pedagang; vice
wakil; wedding pernikahan; weigh berbobot; welcome menyambut; went pergi; withdraw menarik; witness saksi; wore
mengenakan; wound luka; yearly tahunan
"""

WORDS = {word: meaning for pair in _PAIRS.split(";") for word, _, meaning in [" ".join(pair.split()).partition(" ")]}
"""English word, in lower case -> Indonesian."""
