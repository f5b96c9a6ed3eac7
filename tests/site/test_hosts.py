"""The hosts of the network: one table, no doubles, known zones."""

import re
from datetime import timedelta

import pytest

from crawler.site import HOSTS, host_named, identify

# The hosts that the publisher itself numbers, without its shops (shopping, booking).
NUMBERED = """
    www jabar jakarta wartakota solo jogja palembang bali aceh medan bangka batam pekanbaru sumsel lampung kupang
    banjarmasin kaltim manado pontianak makassar papua papuabarat madura surabaya bogor newsmaker style bekasi banten
    tangerang depok cirebon jateng banyumas pantura jatim suryamalang mataraman prohaba sultra belitung babel padang
    bengkulu jambi flores kalteng kaltara gorontalo sulbar palu lombok ternate ambon travel wow video health trends
    gayo muria priangan jatim-timur toraja sorong nanggroe papuatengah mataram
"""
HOURS = {"WIB": 7, "WITA": 8, "WIT": 9}


def test_every_host_of_the_network_is_in_the_table_and_no_other() -> None:
    assert set(HOSTS) == {f"{label}.tribunnews.com" for label in NUMBERED.split()}


def test_every_host_has_a_known_zone_and_a_name_region_and_brand_of_its_own() -> None:
    hosts = HOSTS.values()

    assert all(name == host.name for name, host in HOSTS.items())
    assert all(host.utc_offset == timedelta(hours=HOURS[host.zone]) for host in hosts)
    assert all(re.fullmatch(r"[A-Z0-9-]+\.(COM|ID|CO|CO\.ID)", host.brand) for host in hosts)
    assert len({host.region for host in hosts}) == len({host.brand for host in hosts}) == len(HOSTS)


def test_a_region_is_the_name_before_the_domain_and_www_is_nasional() -> None:
    assert HOSTS["www.tribunnews.com"].region == "nasional"
    assert HOSTS["jatim-timur.tribunnews.com"].region == "jatim-timur"


@pytest.mark.parametrize(
    ("label", "brand"),
    [
        ("www", "TRIBUNNEWS.COM"),
        ("surabaya", "SURYA.CO.ID"),
        ("aceh", "SERAMBINEWS.COM"),
        ("palembang", "SRIPOKU.COM"),
        ("wartakota", "WARTAKOTALIVE.COM"),
        ("makassar", "TRIBUN-TIMUR.COM"),
        ("jabar", "TRIBUNJABAR.ID"),
        ("kupang", "POS-KUPANG.COM"),
        ("belitung", "POSBELITUNG.CO"),
    ],
)
def test_a_brand_is_the_one_that_prints_in_datelines(label: str, brand: str) -> None:
    assert HOSTS[f"{label}.tribunnews.com"].brand == brand


@pytest.mark.parametrize(
    ("zone", "labels"),
    [
        ("WIB", "www aceh medan lampung jakarta jatim surabaya madura pontianak kalteng video"),
        ("WITA", "bali lombok kupang flores banjarmasin kaltim kaltara manado gorontalo palu sulbar makassar sultra"),
        ("WIT", "ambon ternate papua papuabarat papuatengah sorong"),
    ],
)
def test_the_zone_is_that_of_the_province(zone: str, labels: str) -> None:
    assert {HOSTS[f"{label}.tribunnews.com"].zone for label in labels.split()} == {zone}


@pytest.mark.parametrize("name", sorted(HOSTS))
def test_every_host_is_recognised_in_an_address_and_under_its_mobile_name(name: str) -> None:
    host = HOSTS[name]

    for door in (name, f"m.{name.removeprefix('www.')}"):
        address = identify(f"https://{door}/news/101/kabar")

        assert (address.host, address.region) == (host.name, host.region)


@pytest.mark.parametrize(("label", "zone"), [("jabar", "WIB"), ("bali", "WITA"), ("ambon", "WIT"), ("baru", "WIB")])
def test_an_address_names_the_zone_of_its_host(label: str, zone: str) -> None:
    assert identify(f"https://{label}.tribunnews.com/news/101/kabar").zone == zone


def test_a_new_site_is_a_region_of_its_own_in_western_time() -> None:
    host = host_named("nusantara.tribunnews.com")

    assert (host.region, host.zone) == ("nusantara", "WIB")
    assert host_named("nasional.tribunnews.com").region != HOSTS["www.tribunnews.com"].region
