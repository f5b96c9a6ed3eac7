"""The phrases of generated news. Everything here is invented: no such person, office, road or event is known."""

from typing import NamedTuple

OFTEN, SELDOM = 0.7, 0.25


class Event(NamedTuple):
    """What a generated article is about."""

    headline: str
    phrase: str
    topic: str
    tags: tuple[str, ...]
    opening: str


EVENTS = (
    Event(
        "Banjir Rendam Ratusan Rumah",
        "banjir",
        "Banjir Musiman",
        ("banjir", "cuaca ekstrem"),
        "Banjir setinggi lutut orang dewasa merendam sekitar {count} rumah di {place} sejak dini hari tadi.",
    ),
    Event(
        "Harga Beras Naik Lagi",
        "kenaikan harga beras",
        "Harga Pangan",
        ("harga beras", "pasar tradisional"),
        "Harga beras kualitas sedang di pasar-pasar {place} kembali naik dalam tiga hari belakangan.",
    ),
    Event(
        "Jembatan Gantung Putus",
        "putusnya jembatan gantung",
        "Infrastruktur Desa",
        ("jembatan", "infrastruktur"),
        "Jembatan gantung yang menghubungkan dua desa di {place} putus setelah tali penahannya lapuk.",
    ),
    Event(
        "Gempa Kecil Terasa",
        "gempa bumi",
        "Gempa Terkini",
        ("gempa", "mitigasi bencana"),
        "Getaran gempa bumi terasa selama beberapa detik oleh warga {place} menjelang waktu makan siang.",
    ),
    Event(
        "Pasar Malam Kembali Dibuka",
        "pembukaan pasar malam",
        "Ekonomi Warga",
        ("pasar malam", "UMKM"),
        "Pasar malam yang sempat berhenti selama dua musim kembali dibuka di {place}.",
    ),
    Event(
        "Tim Sepak Bola Desa Juara",
        "kemenangan tim desa",
        "Liga Desa",
        ("sepak bola", "liga desa"),
        "Tim sepak bola desa dari {place} membawa pulang piala setelah menang lewat adu penalti.",
    ),
    Event(
        "Puskesmas Baru Diresmikan",
        "peresmian puskesmas",
        "Layanan Kesehatan",
        ("puskesmas", "kesehatan"),
        "Puskesmas dengan {count} tempat tidur resmi melayani warga {place} mulai pekan ini.",
    ),
    Event(
        "Kebakaran Gudang Kertas",
        "kebakaran gudang",
        "Kebakaran",
        ("kebakaran", "pemadam kebakaran"),
        "Sebuah gudang kertas di {place} terbakar dan membuat warga sekitar keluar rumah pada malam hari.",
    ),
    Event(
        "Panen Raya Cabai",
        "panen raya cabai",
        "Pertanian",
        ("petani", "cabai"),
        "Petani cabai di {place} memulai panen raya lebih awal daripada tahun sebelumnya.",
    ),
    Event(
        "Sekolah Apung Terima Murid Baru",
        "penerimaan murid sekolah apung",
        "Pendidikan",
        ("sekolah", "pendidikan dasar"),
        "Sekolah apung yang melayani anak-anak nelayan di {place} menerima {count} murid baru.",
    ),
    Event(
        "Longsor Tutup Jalan Desa",
        "tanah longsor",
        "Bencana Alam",
        ("tanah longsor", "BPBD"),
        "Tanah longsor menutup jalan desa di {place} sehingga kendaraan harus memutar cukup jauh.",
    ),
    Event(
        "Festival Layang-layang Digelar",
        "festival layang-layang",
        "Budaya",
        ("festival", "budaya"),
        "Ratusan layang-layang menghiasi langit {place} pada hari pertama festival tahunan.",
    ),
    Event(
        "Listrik Padam Enam Jam",
        "padamnya aliran listrik",
        "Layanan Publik",
        ("listrik padam", "PLN"),
        "Aliran listrik di sebagian {place} padam selama enam jam dan mengganggu usaha kecil.",
    ),
    Event(
        "Warga Tanam Bakau",
        "penanaman bakau",
        "Lingkungan",
        ("bakau", "lingkungan hidup"),
        "Sedikitnya {count} warga {place} menanam bibit bakau di sepanjang pantai yang terkikis ombak.",
    ),
    Event(
        "Bus Kota Listrik Diuji Coba",
        "uji coba bus listrik",
        "Transportasi",
        ("bus listrik", "transportasi umum"),
        "Dua bus listrik mulai diuji coba di {place} dengan rute melewati pasar dan stasiun.",
    ),
    Event(
        "Perpustakaan Keliling Disambut",
        "kedatangan perpustakaan keliling",
        "Literasi",
        ("perpustakaan", "literasi"),
        "Mobil perpustakaan keliling disambut anak-anak {place} yang sudah menunggu sejak pagi.",
    ),
    Event(
        "Nelayan Temukan Pelampung Asing",
        "penemuan pelampung asing",
        "Kelautan",
        ("nelayan", "kelautan"),
        "Seorang nelayan menemukan pelampung bertuliskan huruf asing di perairan {place}.",
    ),
    Event(
        "Sidang Sengketa Lahan Ditunda",
        "sidang sengketa lahan",
        "Sengketa Lahan",
        ("pengadilan", "sengketa lahan"),
        "Sidang sengketa lahan kebun di {place} ditunda karena saksi ahli belum dapat hadir.",
    ),
)

PLACES = (
    *(
        "Kampung Cibolang",
        "Teluk Nirwana",
        "Bukit Sanggar",
        "Rantau Ijuk",
        "Muara Telang Hilir",
        "Desa Karangsari Wetan",
    ),
    *("Lembah Sirih", "Tanjung Pinggir", "Sungai Batang Ulu", "Kota Lama Bandarejo", "Pulau Selindung", "Wanasepi"),
    *("Kebon Jeruk Kidul", "Gunung Lingga", "Pasir Ayunan", "Lubuk Tembesu", "Watu Gilang", "Padang Mengkirai"),
    *("Simpang Nagara", "Ranu Kumbang", "Tepian Mahoni", "Waikelo Dalam", "Batu Sandar", "Hulu Kapias"),
)

TURNS = (
    *("Warga Minta Perhatian", "Ini Kata Pemerintah Desa", "Begini Suasananya", "Jalur Dialihkan Sementara"),
    *("Anak-anak Ikut Membantu", "Pedagang Angkat Bicara", "Dua Tahun Ditunggu", "Dimulai Sejak Subuh"),
    *("Camat Turun Tangan", "Relawan Berdatangan", "Kerugian Masih Dihitung", "Tak Ada Korban Jiwa"),
    *("Berikut Lima Hal yang Diketahui", "Akan Dievaluasi Pekan Depan", "Warga Gotong Royong"),
)

NAMES = (
    *("Sulastri Wibisana", "Darmo Lesmono", "Yohanis Bekatana", "Tari Anggonowati", "Umar Salahudin Rasyad"),
    *("Made Sukrawan", "Ferdinan Loklomin", "Nurhayah Siregara", "Gilang Pamungkasih", "Ratna Puspitarini"),
    *(
        "Markus Wamenaru",
        "Siti Aminarti",
        "Hendro Cahyonugroho",
        "Lukas Manderos",
        "Intan Perwitasih",
        "Bagas Wirasena",
    ),
)

OFFICES = (
    *("Badan Penanggulangan Bencana setempat", "Dinas Pekerjaan Umum setempat", "kantor kecamatan", "kantor desa"),
    *("Dinas Perdagangan setempat", "kepolisian sektor", "Dinas Sosial setempat", "panitia kegiatan"),
)

LEADS = (
    "Kabar tentang {event} di {place} disampaikan {office} setelah pendataan selesai",
    "Warga {place} menceritakan {event} yang terjadi di lingkungan mereka",
    "{office} mencatat {count} keluarga terkait {event} di {place}",
    "Berikut keterangan {speaker} mengenai {event} di {place}",
)

SUMMARY = (
    "Kabar {event} di {place} dibenarkan oleh {office}.",
    "Sebanyak {count} keluarga di {place} sudah didata petugas.",
    "{speaker} meminta warga menunggu keterangan resmi.",
    "Kegiatan warga di {place} berangsur kembali seperti biasa.",
    "{witness} melihat langsung keadaan di lapangan sejak pagi.",
)

CAPTIONS = (
    "SUASANA {place} - Warga berkumpul untuk melihat keadaan setelah {event}, sementara petugas mendata",
    "Warga {place} bergotong royong di tepi jalan utama setelah {event} pada pagi hari",
    "KETERANGAN WARGA -- {speaker} memberi keterangan mengenai {event} di depan balai pertemuan {place}",
)

SUBHEADS = (
    *("Keterangan Petugas di Lapangan", "Tanggapan Warga Sekitar", "Langkah yang Disiapkan", "Awal Mula Kejadian"),
    *("Harapan Warga ke Depan", "Data Sementara dari Kantor Desa"),
)

ITEMS = (
    "Beras dan minyak goreng untuk dapur bersama",
    "Selimut dan alas tidur untuk balai pertemuan",
    "Air bersih dalam galon untuk tiga hari",
    "Obat-obatan ringan dan perlengkapan bayi",
    "Buku tulis serta seragam untuk murid sekolah",
)

RELATED = (
    "Cerita Penjaga Mercusuar yang Tak Pernah Libur Selama Musim Angin Barat",
    "Resep Sayur Daun Kelor ala Ibu-ibu Dasawisma yang Mudah Dibuat",
    "Jadwal Kapal Penyeberangan Pekan Ini, Lengkap dengan Tarif Terbaru",
    "Kisah Guru Honorer Menyeberangi Dua Sungai demi Mengajar",
    "Daftar Kampung Wisata yang Ramai Dikunjungi Saat Libur Sekolah",
    "Mengenal Alat Ukur Hujan Buatan Siswa yang Dipasang di Atap Sekolah",
)

SENTENCES = (
    "Menurut {office}, pendataan atas {event} masih berlangsung dan hasilnya diumumkan setelah semua catatan masuk.",
    "Petugas mencatat sedikitnya {count} keluarga di {place} terkena dampak, dan angka itu dapat berubah lagi.",
    "Peristiwa itu bermula sekitar pukul {hour} {zone}, ketika sebagian warga sedang bersiap memulai kegiatan harian.",
    "Sejumlah relawan dari kampung tetangga datang membawa peralatan seadanya untuk membantu warga {place}.",
    "Jalan utama menuju {place} sempat tersendat, tetapi kendaraan roda dua masih dapat melintas dengan hati-hati.",
    "{witness}, seorang warga, mengaku baru mengetahui {event} setelah mendengar pengumuman dari pengeras suara.",
    "Di balai pertemuan, para ibu menyiapkan makanan hangat bagi siapa saja yang membutuhkan.",
    "Hingga sore hari, {office} belum menerima laporan tambahan dari dusun yang letaknya paling jauh.",
    "Pengalaman tahun lalu membuat warga {place} lebih siap, antara lain dengan menyimpan nomor penting.",
    "{speaker} menyebutkan, anggaran untuk menindaklanjuti {event} akan dibahas dalam rapat bersama perwakilan warga.",
    "Anak-anak sekolah tetap belajar seperti biasa, hanya saja jam masuk dimundurkan satu jam demi keselamatan.",
    "Pedagang di sekitar lokasi berharap keadaan cepat pulih karena pembeli berkurang hampir separuh.",
    "Catatan kantor desa menunjukkan kejadian serupa pernah tercatat beberapa tahun silam, walau skalanya lebih kecil.",
    "Sebagai langkah awal, petugas memasang tanda peringatan di tiga titik yang dianggap rawan.",
    "Pemerintah setempat juga membuka posko informasi di dekat pasar agar warga mudah bertanya.",
    "Dua kendaraan operasional disiagakan di {place} selama dua puluh empat jam penuh.",
    "Warga diminta tidak menyebarkan kabar yang belum jelas sumbernya, terutama melalui pesan berantai.",
    "Rapat lanjutan dijadwalkan berlangsung pekan depan dengan menghadirkan tokoh adat dan pemuda.",
)

QUOTES = (
    "“{words},” kata {speaker}.",
    '"{words}," ujar {speaker} saat ditemui di {place}.',
    "“{words},” tutur {witness}.",
    '"{words}," ucap {witness}.',
    "“{words},” lanjut {speaker}.",
)

# Parts of sentences: put together, hardly two articles share a run of words, as with real ones.
WHEN = (
    *("sejak pagi buta", "menjelang tengah hari", "selepas waktu asar", "sekitar magrib"),
    *("pada malam harinya", "keesokan harinya", "dua hari kemudian", "sepanjang pekan lalu"),
    *("awal bulan ini", "akhir bulan kemarin", "setiap musim hujan", "selama kemarau panjang"),
    *("pada hari pasar", "usai salat berjemaah", "sebelum rapat dimulai", "setelah hujan reda"),
    *("begitu kabar beredar", "tidak lama berselang", "hingga larut malam", "saat jam istirahat"),
    *("di sela kesibukan", "ketika air surut", "di hari ketiga", "sesudah upacara adat"),
    *(
        "dalam sepekan terakhir",
        "seusai kerja bakti",
    ),
)

WHO = (
    *("seorang penjual bubur", "para penarik perahu", "kelompok ibu dasawisma", "sejumlah murid madrasah"),
    *("beberapa petani muda", "pemilik warung kelontong", "rombongan penyuluh lapangan", "dua penjaga malam"),
    *("pengurus koperasi nelayan", "mahasiswa kuliah lapangan", "tukang servis radio", "perajin anyaman pandan"),
    *("bidan kampung setempat", "sopir angkutan pedesaan", "ketua rukun tetangga", "kakak beradik yatim"),
    *("anggota karang taruna", "guru mengaji keliling", "penjahit rumahan", "buruh bongkar muat"),
    *("pedagang ikan asin", "juru parkir pasar", "pensiunan mantri tani", "peternak itik"),
    *("relawan dapur umum", "pengayuh becak tua", "pemandu wisata lokal", "tetua kampung sebelah"),
    *("petugas penjaga pintu air", "sepasang pengantin baru", "tukang cukur keliling", "penyiar radio komunitas"),
)

DID = (
    *(
        "memperbaiki dengan alat seadanya",
        "menyusun ulang satu per satu",
        "mengangkut lewat jalan setapak",
        "menjual separuh harga",
    ),
    *("membagikan tanpa pamrih", "mencatat di buku tulis", "mengusulkan kepada perangkat desa", "merawat bergiliran"),
    *("menyimpan di lumbung bersama", "menukar hasil kebun dengan", "menolak menjual lagi", "menghitung kembali"),
    *(
        "membersihkan sampai tuntas",
        "memindahkan ke tempat kering",
        "menjemur berhari-hari",
        "memilah sejak dari rumah",
    ),
    *(
        "meminjam dari tetangga",
        "memasang tanpa bantuan tukang",
        "mengumpulkan sedikit demi sedikit",
        "memamerkan di balai warga",
    ),
    *(
        "mengajarkan kepada anak muda",
        "menimbang di depan pembeli",
        "mengecat dengan warna terang",
        "menambal pakai bahan bekas",
    ),
    *(
        "mengantar dari pintu ke pintu",
        "melelang secara terbuka",
        "menanam di pekarangan sempit",
        "memotret lalu mengirimkan",
    ),
    *("menghibahkan kepada masjid", "mendaur ulang menjadi", "menawar berkali-kali", "merakit di teras rumah"),
)

WHAT = (
    *(
        "puluhan karung gabah kering",
        "pompa air peninggalan lama",
        "bangku sekolah yang lapuk",
        "jaring ikan bermata kecil",
    ),
    *("atap seng bekas gudang", "bibit durian montong", "gerobak dorong roda tiga", "kain tenun motif pucuk"),
    *("ratusan butir telur asin", "papan nama jalan", "lampu minyak antik", "mesin ketik tua"),
    *("tikar pandan berwarna", "kolam lele terpal", "pipa bambu panjang", "kentongan peringatan dini"),
    *("rak buku dari peti", "perahu fiber bocor", "sumur bor dangkal", "gula aren cetak"),
    *("peta dusun buatan tangan", "seragam drumben", "gamelan peninggalan leluhur", "tungku hemat kayu"),
    *("sepeda ontel tua", "keripik pisang tanduk", "tembok penahan longsor", "sangkar burung ukir"),
    *("pakan ternak fermentasi", "lesung batu besar", "obor bambu kecil", "jamu gendong botolan"),
)

WHY = (
    *(
        "karena ongkos angkut melonjak",
        "supaya anak cucu tahu",
        "meski hasilnya belum seberapa",
        "sambil menunggu giliran",
    ),
    *("tanpa meminta imbalan", "agar tidak terbuang percuma", "walau badan mulai renta", "demi menambah uang saku"),
    *("berkat kiriman perantau", "sekalipun hujan belum berhenti", "untuk modal musim depan", "lantaran gudang penuh"),
    *(
        "dengan hati yang lapang",
        "sehingga tetangga ikut tergerak",
        "mengikuti pesan orang tua",
        "di luar perkiraan semua orang",
    ),
    *("sebelum pembeli berdatangan", "seperti kebiasaan lama", "asalkan cuaca bersahabat", "jauh dari sorotan kamera"),
    *("berbekal pelatihan singkat", "atas restu sesepuh", "selagi harga masih baik", "tanpa menunggu anggaran turun"),
    *("disaksikan anak-anak kecil", "meskipun sempat diragukan", "agar tidak kalah saing", "setelah dua kali gagal"),
    *("dibantu kerabat dekat", "dengan peralatan pinjaman", "guna menyambut tamu jauh", "biarpun upahnya kecil"),
)
