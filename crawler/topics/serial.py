"""Serial content, which a topic may mute by name: what the site prints every day of the same kind, told by its title.

Each is a query in our own language. The names stand in the topics file (`mute = ["zodiac", "prices"]`), so that they
stay; the words may grow. Examples of what each mutes:

- zodiac: "Ramalan Zodiak Besok Jumat 24 Juli 2026: Aries Bersinar", "Shio Paling Hoki", "Weton Jumat Kliwon"
- prices: "Harga Emas Antam Hari Ini", "Daftar Harga HP Samsung Juli 2026", "Kurs Rupiah Hari Ini"
- answer-keys: "Kunci Jawaban Matematika Kelas 5 Halaman 42", "50 Contoh Soal PAS dan Jawaban"
- schedules: "Jadwal Imsakiyah Kota Bandung", "Jadwal Sholat Hari Ini", "Jadwal Acara TV", "Jadwal SIM Keliling"
- weather: "Prakiraan Cuaca Jawa Barat Besok", "Prediksi Cuaca BMKG"
- lyrics: "Lirik Lagu dan Chord Gitar", "Kunci Gitar Mudah Dimainkan"
- prayers: "Bacaan Doa Buka Puasa", "Niat Puasa Senin Kamis", "Teks Khutbah Jumat"
- codes: "Kode Redeem FF Hari Ini", "Kode Promo"
- greetings: "50 Ucapan Selamat Hari Guru", "Kata-kata Bijak", "Link Twibbon"
- recipes: "Resep Sambal Matah", "Resep Masakan Rumahan"
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SERIAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "zodiac": 'title:(zodiak OR shio OR weton OR primbon OR horoskop OR "ramalan bintang" OR "ramalan cinta")',
        "prices": (
            'title:("harga emas" OR "emas antam" OR "harga perak" OR "harga pangan" OR "harga sembako" OR "harga BBM"'
            ' OR "harga cabai" OR "harga HP" OR "harga iPhone" OR "daftar harga" OR "kurs rupiah" OR "kurs dolar")'
        ),
        "answer-keys": (
            'title:("kunci jawaban" OR "contoh soal" OR "soal dan jawaban" OR "soal dan kunci" OR "latihan soal"'
            ' OR "soal latihan" OR "kisi-kisi soal" OR "jawaban soal" OR "bank soal")'
        ),
        "schedules": (
            "title:(jadwal NEAR/2 sholat OR jadwal NEAR/2 salat OR imsakiyah OR jadwal NEAR/2 imsak"
            ' OR "jadwal buka puasa" OR "jadwal acara" OR "jadwal tayang" OR "jadwal bioskop" OR "jadwal KRL"'
            ' OR "jadwal kereta" OR "jadwal kapal" OR "jadwal SIM" OR "jadwal siaran" OR "jadwal pertandingan")'
        ),
        "weather": 'title:("prakiraan cuaca" OR "prediksi cuaca" OR "ramalan cuaca" OR "cuaca besok")',
        "lyrics": 'title:(lirik OR chord OR "kunci gitar" OR "terjemahan lagu")',
        "prayers": (
            'title:("bacaan doa" OR "kumpulan doa" OR "doa harian" OR "niat puasa" OR "niat sholat" OR "niat salat"'
            ' OR "bacaan niat" OR "khutbah jumat" OR "bacaan sholawat" OR "renungan harian")'
        ),
        "codes": 'title:("kode redeem" OR "kode promo" OR "kode voucher")',
        "greetings": 'title:("ucapan selamat" OR "kata-kata bijak" OR "kata-kata mutiara" OR twibbon OR "caption IG")',
        "recipes": "title:(resep)",
    }
)
