"""What is known of Tribunnews: its hosts, addresses and listings. Pure: text in, values out."""

from crawler.site.address import Address, AddressKind, Page, identify
from crawler.site.digest import listing_digest
from crawler.site.followed import NOTHING, Followed, follow, home_of, hosts_named, listings_named, names_of
from crawler.site.hosts import HOSTS, Host, host_named
from crawler.site.listings import ListingPage, index_address, parse_listing

__all__ = [
    "HOSTS",
    "NOTHING",
    "Address",
    "AddressKind",
    "Followed",
    "Host",
    "ListingPage",
    "Page",
    "follow",
    "home_of",
    "host_named",
    "hosts_named",
    "identify",
    "index_address",
    "listing_digest",
    "listings_named",
    "names_of",
    "parse_listing",
]
