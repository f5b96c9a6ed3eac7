"""The topics file: where it is, and its topics."""

from pathlib import Path
from typing import TYPE_CHECKING

from crawler.commands.files import load_file
from crawler.errors import TopicsError
from crawler.topics import TopicSet, parse_topics

if TYPE_CHECKING:
    from config.settings import Settings


def load_topics(settings: "Settings") -> TopicSet:
    """Return the topics that people follow; raises TopicsError or InputFileError."""
    path = Path(settings.topics_path)
    try:
        text = load_file(str(path)).decode("utf-8")
    except UnicodeDecodeError as error:
        raise TopicsError(f"topics file {path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    return TopicSet(parse_topics(text, source=str(path)))
