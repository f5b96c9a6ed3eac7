"""Where settings come from, which of them wins, and what is told when one is wrong."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from config.check import mask, range_of
from config.model import KEYS
from config.settings import Settings, load_settings
from crawler.errors import SettingsError


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a home of its own: settings and archive of whoever runs the tests stay out of it."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(config_file: Path | None, environ: Mapping[str, str], flags: Mapping[str, object] | None = None) -> str:
    """Return the line that tells why the settings are refused."""
    with pytest.raises(SettingsError) as caught:
        load_settings(config_file, environ, flags or {})
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    return line


# Which place wins


def test_without_any_settings_the_defaults_hold(tmp_path: Path) -> None:
    settings = load_settings(None, {}, {})

    assert settings.spider.download_delay_s == 2.0
    assert settings.origin("spider.download_delay_s") == "default"
    assert settings.archive_path == str(tmp_path / ".local/share/tribunwatch/tribunwatch.db")
    assert settings.config_file is None


def test_the_usual_file_is_read_where_it_is_there(tmp_path: Path) -> None:
    usual = write(tmp_path / ".config/tribunwatch/config.toml", "[crawl]\nlimit = 7\n")

    settings = load_settings(None, {}, {})

    assert (settings.crawl.limit, settings.origin("crawl.limit")) == (7, f"file {usual}")
    assert settings.config_file == usual


PLACES = ("flag", "environment", "file", "default")


@pytest.mark.parametrize(
    ("stronger", "weaker"), [(a, b) for at, a in enumerate(PLACES) for b in PLACES[at + 1 :] if b != "default"]
)
def test_of_two_places_the_stronger_wins(stronger: str, weaker: str, tmp_path: Path) -> None:
    places = {stronger, weaker}
    file = write(tmp_path / "mine.toml", '[archive]\npath = "/file.db"\n') if "file" in places else None
    environ = {"TRIBUNWATCH_ARCHIVE": "/environment.db"} if "environment" in places else {}
    flags = {"archive.path": "/flag.db" if "flag" in places else None}

    settings = load_settings(file, environ, flags)

    assert settings.archive_path == f"/{stronger}.db"
    assert settings.origin("archive.path").split()[0] == stronger


def test_each_place_beats_the_default_and_is_told_as_the_origin(tmp_path: Path) -> None:
    file = write(tmp_path / "mine.toml", "[spider]\npatience_s = 3\n")

    settings = load_settings(file, {"TRIBUNWATCH_SPIDER_CONTACT": "a@example.org"}, {"archive.path": "x.db"})

    assert settings.origin("archive.path") == "flag --archive"
    assert settings.origin("spider.contact") == "environment TRIBUNWATCH_SPIDER_CONTACT"
    assert settings.origin("spider.patience_s") == f"file {file}"
    assert settings.origin("spider.user_agent") == "default"


def test_the_file_of_the_command_line_beats_that_of_the_environment_and_that_the_usual_one(tmp_path: Path) -> None:
    usual = write(tmp_path / ".config/tribunwatch/config.toml", "[crawl]\nlimit = 1\nmax_index_pages = 9\n")
    named = write(tmp_path / "named.toml", "[crawl]\nlimit = 2\n")
    flagged = write(tmp_path / "flagged.toml", "[crawl]\nlimit = 3\n")
    environ = {"TRIBUNWATCH_CONFIG": str(named)}

    assert load_settings(flagged, environ, {}).crawl.limit == 3
    assert load_settings(None, environ, {}).crawl.limit == 2
    assert load_settings(None, {"TRIBUNWATCH_CONFIG": ""}, {}).config_file == usual
    assert load_settings(flagged, environ, {}).crawl.max_index_pages == 3


LISTING = '[[listing]]\nname = "a"\nurl = "https://a.id/x"\nkind = "index"\n'
SOUND = {
    "site.hosts": "www,jabar",
    "site.sections": "nasional,bisnis",
    "site.sitemaps": "news,web",
    "spider.contact": "a@b.id",
    "spider.user_agent": "Tribunwatch/{version} (+{contact})",
    "crawl.fetch": "likely",
    "schedule.overlap": "queue",
    "schedule.catch_up": "False",
    "service.host": "127.0.0.2",
    "service.log_format": "json",
}


@pytest.mark.parametrize("key", KEYS)
def test_every_setting_can_come_from_the_environment(key: str) -> None:
    field = KEYS[key]
    limits = range_of(field)
    text = str(limits[0]) if limits else SOUND.get(key, "/x")
    variable = f"TRIBUNWATCH_{key.replace('.', '_').upper()}"

    settings = load_settings(None, {variable: text}, {})

    section, name = key.split(".")
    value = getattr(getattr(settings, section), name)
    assert (",".join(value) if isinstance(value, tuple) else str(value)) in {text, f"{text}.0"}
    assert settings.origin(key) == f"environment {variable}"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_the_service_answers_on_this_machine(host: str) -> None:
    assert load_settings(None, {"TRIBUNWATCH_SERVICE_HOST": host}, {}).service.host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", "localhost.example.org", ""])  # noqa: S104  - refused
def test_the_service_answers_nobody_else_since_nobody_is_asked_for_a_password(host: str) -> None:
    with pytest.raises(SettingsError, match=r"service.host = .*: must be an address of this machine"):
        load_settings(None, {"TRIBUNWATCH_SERVICE_HOST": host}, {})


def test_listings_of_a_file_replace_the_default_ones(tmp_path: Path) -> None:
    file = write(
        tmp_path / "mine.toml",
        '[[listing]]\nname = "aceh"\nurl = "https://aceh.tribunnews.com/sitemap_news.xml"\nkind = "sitemap"\n',
    )

    settings = load_settings(file, {}, {})

    assert [(each.name, each.kind) for each in settings.listings] == [("aceh", "sitemap")]
    assert settings.origin("listing") == f"file {file}"


def test_a_relative_file_lies_beside_the_file_that_names_it(tmp_path: Path) -> None:
    file = write(tmp_path / "deep/mine.toml", '[archive]\npath = "news.db"\n[topics]\nfile = "../topics.toml"\n')

    settings = load_settings(file, {}, {})

    assert settings.archive_path == str(tmp_path / "deep/news.db")
    assert Path(settings.topics_path).resolve() == tmp_path / "topics.toml"


def test_a_relative_file_of_environment_or_flag_lies_where_the_command_is_typed(tmp_path: Path) -> None:
    by_environment = load_settings(None, {"TRIBUNWATCH_ARCHIVE": "a.db"}, {})
    by_flag = load_settings(None, {}, {"archive.path": "~/b.db"})

    assert by_environment.archive_path == str(tmp_path / "a.db")
    assert by_flag.archive_path == str(tmp_path / "b.db")


@pytest.mark.parametrize("path", ["sqlite:////srv/a.db", "postgresql://siti@db/news"])
def test_an_address_of_an_archive_stays_as_it_is(path: str) -> None:
    assert load_settings(None, {}, {"archive.path": path}).archive_path == path


def test_a_home_of_nobody_is_a_name_like_any_other(tmp_path: Path) -> None:
    settings = load_settings(None, {}, {"archive.path": "~nobody-of-this-name/a.db"})

    assert settings.archive_path == str(tmp_path / "~nobody-of-this-name/a.db")


def test_a_byte_order_mark_at_the_start_of_a_file_is_passed_over(tmp_path: Path) -> None:
    file = write(tmp_path / "mine.toml", "\ufeff[crawl]\nlimit = 7\n")

    assert load_settings(file, {}, {}).crawl.limit == 7


# Secrets


def test_a_secret_may_stand_in_a_file_that_the_environment_names(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", "postgresql://siti:pw@db/news\n")

    settings = load_settings(None, {"TRIBUNWATCH_ARCHIVE_PATH_FILE": str(secret)}, {})

    assert settings.archive_path == "postgresql://siti:pw@db/news"
    assert settings.origin("archive.path") == "environment TRIBUNWATCH_ARCHIVE_PATH_FILE"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://siti:pw@db/news", "postgresql://siti:***@db/news"),
        ("postgresql://siti:p@ss:w@db/news", "postgresql://siti:***@db/news"),
        ("postgresql://:pw@db/news", "postgresql://:***@db/news"),
        ("postgresql://db/news?user=siti&password=pw", "postgresql://db/news?user=siti&password=***"),
        ("postgresql://db/news?sslPassword=pw&x=1", "postgresql://db/news?sslPassword=***&x=1"),
        ("postgresql://siti:p/w@db/news", "postgresql://siti:***@db/news"),
        ("postgresql://siti:p?w@db/news", "postgresql://siti:***@db/news"),
        ("postgresql://siti@db:5432/news?who=a@b", "postgresql://siti@db:5432/news?who=a@b"),
        ("sqlite:////srv/a.db", "sqlite:////srv/a.db"),
        ("/srv/a:b@c.db", "/srv/a:b@c.db"),
    ],
)
def test_a_password_in_an_address_is_never_shown(address: str, shown: str) -> None:
    settings = load_settings(None, {}, {"archive.path": address})

    rows = {row.key: row.value for row in settings.shown()}

    assert rows["archive.path"] == shown == mask(address)


def test_a_password_is_not_told_in_an_error_either() -> None:
    line = refusal(None, {"TRIBUNWATCH_ARCHIVE": "postgresql://siti:pw@db/news\x07"})

    assert "siti:***@db" in line
    assert "pw@" not in line


def test_what_is_shown_is_every_setting_with_what_is_used(tmp_path: Path) -> None:
    file = write(tmp_path / "mine.toml", '[site]\nhosts = ["jabar"]\n' + LISTING)
    settings = load_settings(file, {"TRIBUNWATCH_CRAWL_LIMIT": "7"}, {})

    rows = {row.key: row for row in settings.shown()}

    assert set(KEYS) <= set(rows)
    assert (rows["crawl.limit"].value, rows["crawl.limit"].origin) == (7, "environment TRIBUNWATCH_CRAWL_LIMIT")
    assert rows["archive.path"].value == str(tmp_path / ".local/share/tribunwatch/tribunwatch.db")
    assert rows["site.hosts"].value == ["jabar"]
    assert rows["listing.a"].value == "https://a.id/x"


# What is refused


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[spider\n", "not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 8)"),
        ("a = " + "[" * 5000, "nested too deeply"),
        (
            "[spider]\ndownload_dely_s = 2\n",
            "spider.download_dely_s is not a setting; did you mean 'spider.download_delay_s'?",
        ),
        ("[spidr]\n", "spidr is not a setting; did you mean 'spider'?"),
        ("download_delay_s = 2\n", "download_delay_s is not a setting; write it below [spider]"),
        (
            "qqqq = 2\n",
            "qqqq is not a setting; the tables are archive, backup, topics, site, spider, crawl, schedule, service and",
        ),
        ("spider = 2\n", "spider is a table of settings; write [spider] on a line of its own"),
        ("[spider]\ndownload_delay_s = 0.5\n", "spider.download_delay_s = 0.5: must be a number, 1 to 60"),
        ("[spider]\ndownload_delay_s = 60.5\n", "must be a number, 1 to 60"),
        ("[spider]\ndownload_delay_s = nan\n", "must be a number, 1 to 60"),
        ("[spider]\ndownload_delay_s = inf\n", "must be a number, 1 to 60"),
        ("[spider]\ndownload_delay_s = true\n", "must be a number, 1 to 60"),
        ('[spider]\ndownload_delay_s = "2"\n', 'spider.download_delay_s = "2": must be a number, 1 to 60'),
        ("[crawl]\nlimit = 1.5\n", "crawl.limit = 1.5: must be a whole number, 1 to 100000"),
        ("[crawl]\nlimit = 0\n", "must be a whole number, 1 to 100000"),
        ("[archive]\npath = 3\n", "archive.path = 3: must be text in quotation marks"),
        ('[topics]\nfile = "a\\nb"\n', "must be one line without control characters"),
        ('[spider]\ncontact = "me"\n', "must be an e-mail address, or a web address beginning with https://"),
        ('[spider]\ncontact = "a@b.id\\r\\nX-Evil: 1"\n', "must be an e-mail address"),
        ('[spider]\ncontact = "a@b.id) evil"\n', "must be an e-mail address"),
        ('[spider]\ncontact = "é@b.id"\n', "must be an e-mail address"),
        ('[spider]\ncontact = "a@b.id\\u0007"\n', "must be an e-mail address"),
        (f'[spider]\ncontact = "{"x" * 500}"\n', f'spider.contact = "{"x" * 119}…: must be an e-mail address'),
        ('[spider]\nuser_agent = "Mozilla"\n', "must contain Tribunwatch/{version} and (+{contact})"),
        (
            '[spider]\nuser_agent = "Tribunwatch/{version} (+{contact}) ≈"\n',
            "must be one line of plain letters (ASCII)",
        ),
        ("listing = 3\n", "begin each with [[listing]], in double brackets"),
        ("[listing]\n", "begin each with [[listing]], in double brackets"),
        ("listing = []\n", "listing is empty; leave it out, so that those of site.hosts are asked, or name one"),
        ('[[listing]]\nname = "a"\nkind = "index"\n', "listing 1: url is missing; a listing has name, url, kind"),
        (LISTING + "every = 3\n", "listing 1: every = 3: must be text in quotation marks"),
        (LISTING + 'evry = "15m"\n', "listing 1: \"evry\" is not a setting; did you mean 'every'?"),
        ("[schedule]\ncatch_up = 1\n", "schedule.catch_up = 1: must be true or false"),
        (
            LISTING.replace('"a"', '"A b"'),
            'listing 1: name = "A b": must be 1 to 40 small letters, figures and hyphens',
        ),
        (LISTING.replace("https:", "ftp:"), "must be a web address beginning with https://"),
        (LISTING.replace("a.id/x", "a.id/a b"), "must be a web address beginning with https://"),
        (LISTING.replace("a.id", ""), "must be a web address beginning with https://"),
        (LISTING.replace("a.id/x", "a.id/\\u0007"), "must be a web address beginning with https://"),
        (LISTING.replace("a.id", "a.id:x"), "must be a web address beginning with https://"),
        (
            LISTING.replace("index", "ajax"),
            "listing 1: kind = \"ajax\": must be 'sitemap', 'index', 'home' or 'rss'",
        ),
        ('[site]\nhosts = "www"\n', 'must be a list of names in square brackets, such as ["www", "jabar"]'),
        ("[site]\nhosts = []\n", 'site.hosts = []: must be a list of names in square brackets, such as ["www"'),
        ('[site]\nhosts = ["Jawa Barat"]\n', 'must be a list of names of sites, such as ["www", "jabar"], or ["all"]'),
        ('[site]\nsections = ["A b"]\n', "must be a list of sections as they stand in addresses"),
        ('[site]\nsitemaps = ["images"]\n', "must be a list of names in square brackets, such as"),
        ('[crawl]\nfetch = "some"\n', "crawl.fetch = \"some\": must be 'all' or 'likely'"),
        (LISTING.replace('"a"', "5"), "listing 1: name = 5: must be text in quotation marks"),
        (LISTING + LISTING, "listing 2: name is that of listing 1 too; change one of them"),
        (LISTING + LISTING.replace('"a"', '"b"'), "listing 2: url is that of listing 1 too; change one of them"),
    ],
)
def test_a_wrong_line_of_a_file_is_told_with_the_file_and_the_mend(text: str, said: str, tmp_path: Path) -> None:
    file = write(tmp_path / "mine.toml", text)

    line = refusal(file, {})

    assert line.startswith(f"file {file}: ")
    assert said in line


def test_all_that_is_wrong_is_told_at_once_and_each_thing_once(tmp_path: Path) -> None:
    file = write(tmp_path / "mine.toml", "[spider]\ndelay = 1\ndownload_delay_s = 0\n[crawl]\nlimit = 0\n")

    told = refusal(file, {"TRIBUNWATCH_CRAWL_LIMIT": "x"}).split("; also: ")

    assert [line.split(": ")[1].split(" ")[0] for line in told] == [
        "spider.delay",
        "spider.download_delay_s",
        "crawl.limit",
        "crawl.limit",
    ]


def test_a_wrong_line_is_told_although_something_stronger_overrides_it(tmp_path: Path) -> None:
    file = write(tmp_path / "mine.toml", "[crawl]\nlimit = 0\n")

    assert "crawl.limit = 0" in refusal(file, {"TRIBUNWATCH_CRAWL_LIMIT": "5"})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TRIBUNWATCH_SPIDER_DOWNLOAD_DELAY_S", "0.5", "spider.download_delay_s = 0.5: must be a number, 1 to 60"),
        ("TRIBUNWATCH_SPIDER_DOWNLOAD_DELAY_S", "two", 'spider.download_delay_s = "two": must be a number, 1 to 60'),
        ("TRIBUNWATCH_SPIDER_DOWNLOAD_DELAY_S", "", 'spider.download_delay_s = "": must be a number'),
        ("TRIBUNWATCH_SPIDER_DOWNLOAD_DELAY_S", "nan", "must be a number, 1 to 60"),
        ("TRIBUNWATCH_CRAWL_LIMIT", "1.5", 'crawl.limit = "1.5": must be a whole number, 1 to 100000'),
        ("TRIBUNWATCH_CRAWL_LIMITS", "5", "no setting of this name; did you mean 'TRIBUNWATCH_CRAWL_LIMIT'?"),
        ("TRIBUNWATCH_ARCHIV", "x", "no setting of this name; did you mean 'TRIBUNWATCH_ARCHIVE'?"),
        ("TRIBUNWATCH_CONFIGG", "x", "no setting of this name; did you mean 'TRIBUNWATCH_CONFIG'?"),
        ("TRIBUNWATCH_", "x", "no setting of this name"),
        ("TRIBUNWATCH_ARCHIVE_PATH_FILE", "absent", "there is no file absent; make it, or name another"),
    ],
)
def test_a_wrong_variable_is_told_with_its_name(name: str, value: str, said: str) -> None:
    line = refusal(None, {name: value})

    assert line.startswith(f"environment {name}: ")
    assert said in line


def test_a_setting_given_by_two_variables_is_refused() -> None:
    line = refusal(None, {"TRIBUNWATCH_ARCHIVE": "a.db", "TRIBUNWATCH_ARCHIVE_PATH": "b.db"})

    assert "archive.path is set by environment TRIBUNWATCH_ARCHIVE too; unset one of them" in line


def test_variables_of_others_are_left_alone() -> None:
    environ = {"_TRIBUNWATCH_COMPLETE": "bash_source", "TRIBUNWATCHER": "x", "PATH": "/bin", "TRIBUN": "x"}

    assert load_settings(None, environ, {}) == load_settings(None, {}, {})


def test_a_settings_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    absent = tmp_path / "absent.toml"

    line = refusal(absent, {})

    assert line == f"file {absent}: there is no file {absent}; make it, or name another"
    assert refusal(None, {"TRIBUNWATCH_CONFIG": str(absent)}) == line


def test_a_folder_and_text_that_is_not_utf8_and_a_huge_file_are_no_settings(tmp_path: Path) -> None:
    latin, huge = tmp_path / "latin.toml", tmp_path / "huge.toml"
    latin.write_bytes(b"# caf\xe9\n")
    huge.write_bytes(b"#" * (1024 * 1024 + 1))

    assert "Is a directory" in refusal(tmp_path, {})
    assert "byte 5 is not UTF-8; save the file as UTF-8" in refusal(latin, {})
    assert "is larger than 1048576 bytes" in refusal(huge, {})


# The pause that protects the site


@pytest.mark.parametrize("site", ["http://127.0.0.1:8000", "http://127.9.9.9", "http://[::1]:8000/"])
def test_a_server_on_this_machine_is_asked_with_hardly_a_pause(site: str) -> None:
    settings = load_settings(None, {}, {})

    own = settings.for_own_machine(site)

    assert own.spider.download_delay_s == 0.01
    assert settings.spider.download_delay_s == 2.0
    assert own.spider.model_copy(update={"download_delay_s": 2.0}) == settings.spider


@pytest.mark.parametrize(
    "site",
    [
        "https://www.tribunnews.com",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@example.org",
        "http://me@127.0.0.1",
        "http://10.0.0.1",
        "http://127.1",
        "ftp://127.0.0.1",
        "http://127.0.0.1:x",
        "http://[::1",
        "127.0.0.1:8000",
        "",
        "http://example.org/\n127.0.0.1",
    ],
)
def test_no_other_address_lowers_the_pause(site: str) -> None:
    settings: Settings = load_settings(None, {}, {})

    with pytest.raises(SettingsError, match="not an address of this machine; write one such as") as caught:
        settings.for_own_machine(site)

    assert len(str(caught.value).splitlines()) == 1


# Any value at all


def as_toml(value: object) -> str:
    """Return a value as TOML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08X}" for letter in value) + '"'
    return repr(value)


@given(
    st.sampled_from(sorted(KEYS)),
    st.one_of(
        st.integers(-(2**60), 2**60), st.integers(0, 100), st.floats(), st.floats(0, 100), st.booleans(), st.text()
    ),
)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_value_is_taken_as_it_is_when_it_is_in_range_and_refused_in_one_line_otherwise(
    tmp_path: Path, key: str, value: float | str
) -> None:
    section, name = key.split(".")
    file = write(tmp_path / "mine.toml", f"[{section}]\n{name} = {as_toml(value)}\n")
    limits, wanted = range_of(KEYS[key]), KEYS[key].annotation
    is_number = isinstance(value, int if wanted is int else int | float) and not isinstance(value, bool)

    told: str | None = None
    try:
        settings = load_settings(file, {}, {})
    except SettingsError as error:
        told = str(error)

    if limits:
        assert (told is None) == (is_number and limits[0] <= value <= limits[1])  # type: ignore[operator]  # is_number
    if told is None:
        assert limits is None or getattr(getattr(settings, section), name) == value
    else:
        assert told.startswith(f"file {file}: {key} = ")
        assert len(told.splitlines()) == 1
        assert len(told) < 500


@given(st.dictionaries(st.text(), st.text(), max_size=3))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_variable_with_our_prefix_is_a_setting_or_stops_the_start(environ: dict[str, str]) -> None:
    ours = {f"TRIBUNWATCH_X{name}": value for name, value in environ.items()}

    if ours:
        assert "there is no setting of this name" in refusal(None, ours)
    else:
        assert load_settings(None, ours, {}).site.hosts
