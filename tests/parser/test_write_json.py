"""The script that writes a first JSON of a new seed."""

import json
from pathlib import Path

import pytest

import seeds
from seeds.write_json import main

FOLDER = Path(str(seeds.__file__)).parent
NAME = "000_d3675def684afb29"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one new seed."""
    (tmp_path / f"{NAME}.txt").write_bytes((FOLDER / f"{NAME}.txt").read_bytes())
    return tmp_path


def test_the_json_of_a_new_seed_is_written_and_what_to_check_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([NAME, "--seeds", str(folder)])

    assert code == 0
    assert (folder / f"{NAME}.json").read_bytes() == (FOLDER / f"{NAME}.json").read_bytes()
    assert "not found: authors, editors, published_at; is that so?" in capsys.readouterr().out


def test_a_corrected_json_is_never_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / f"{NAME}.json").write_text("{}")

    code = main([NAME, "--seeds", str(folder)])

    assert code == 2
    assert (folder / f"{NAME}.json").read_text() == "{}"
    assert "--force" in capsys.readouterr().err


def test_a_json_is_written_anew_when_asked_for(folder: Path) -> None:
    (folder / f"{NAME}.json").write_text("{}")

    code = main([f"{NAME}.txt", "--force", "--seeds", str(folder)])

    assert code == 0
    assert json.loads((folder / f"{NAME}.json").read_text())["sign_off"] == "(oln/*/NW)"


@pytest.mark.parametrize(("text", "code"), [(None, 2), (b"\xff", 2), (b"", 1)])
def test_a_text_that_cannot_be_read_is_named(
    text: bytes | None, code: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (folder / "025_baru.txt").write_bytes(text)

    given = main(["025_baru", "--seeds", str(folder)])

    assert given == code
    assert "025_baru.txt" in capsys.readouterr().err
