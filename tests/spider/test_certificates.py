"""A site whose certificate is not valid is refused, with one line that says so; one whose is valid is not."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

# Scrapy brings it.
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.home import Home
from tests.spider.conftest import serving, whole

HERE = ipaddress.IPv4Address("127.0.0.1")
ELSEWHERE = ipaddress.IPv4Address("127.0.0.2")
HOUR = timedelta(hours=1)


def certified(folder: Path, *, place: ipaddress.IPv4Address = HERE, lasts: timedelta = HOUR) -> ssl.SSLContext:
    """Make a certificate that nobody but its own file vouches for, and a server that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "newsroom")])
    ends_at = datetime.now(UTC) + lasts
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends_at - 2 * HOUR)
        .not_valid_after(ends_at)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(place)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "known.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "both.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


@pytest.mark.parametrize(
    ("place", "lasts", "is_known", "said"),
    [
        (HERE, HOUR, False, "self-signed certificate"),
        (HERE, -HOUR, True, "certificate has expired"),
        (ELSEWHERE, HOUR, True, "IP address mismatch, certificate is not valid for '127.0.0.1'"),
    ],
)
def test_a_certificate_that_is_not_valid_ends_the_crawl_with_one_line(
    home: Home, place: ipaddress.IPv4Address, lasts: timedelta, *, is_known: bool, said: str
) -> None:
    # What is trusted is read when aiohttp is imported.
    trusted = {"SSL_CERT_FILE": str(home.folder / "known.pem")} if is_known else {}
    with serving(certified(home.folder, place=place, lasts=lasts)) as site:
        done = home.run_anew("crawl", "www-sitemap", "--site", site.url, environment=trusted)
        examined = home.run_anew("doctor", "--site", site.url, environment=trusted)

    assert site.asked == []
    assert done.returncode == 4
    assert f"cannot reach www.tribunnews.com: its certificate is not valid ({said}" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "NOT OK  network: cannot reach www.tribunnews.com: its certificate is not valid" in examined.stdout


def test_a_certificate_that_is_vouched_for_is_accepted(home: Home) -> None:
    with serving(certified(home.folder)) as site:
        site.answers["www.tribunnews.com/sitemap.xml"] = whole(b"<urlset></urlset>")
        home.run_anew(
            "crawl", "www-sitemap", "--site", site.url, environment={"SSL_CERT_FILE": str(home.folder / "known.pem")}
        )

    assert [each.path for each in site.asked][:2] == ["/robots.txt", "/sitemap.xml"]
