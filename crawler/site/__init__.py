"""What is known of Tribunnews: its hosts, addresses and listings. Pure: text in, values out."""

from crawler.site.address import Address, AddressKind, Page, identify
from crawler.site.hosts import HOSTS, Host, host_named
from crawler.site.listings import ListingPage, index_address, parse_listing

__all__ = [
    "HOSTS",
    "Address",
    "AddressKind",
    "Host",
    "ListingPage",
    "Page",
    "host_named",
    "identify",
    "index_address",
    "parse_listing",
]
