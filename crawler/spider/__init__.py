"""All of Scrapy: how listings and articles are fetched, politely, safely and with every ending told."""
