"""A printed text in which every number must be accounted for: struck out where it was worked out again, or named."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

STRUCK = "\N{BLACK SQUARE}"


def read_paper(pdf: bytes, folder: Path) -> str:
    """What stands in a PDF, in reading order, in one line."""
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout.decode()
    return " ".join(said.split())


class Ledger:
    """Strikes out what is accounted for. Patterns are regular expressions in which a space is any gap."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.struck = 0
        """Numbers worked out again."""

    def account(self, *pieces: str, times: int = 1) -> None:
        """Strike out a passage, worked out again, where it stands; fails if it does not stand there so often."""
        pattern = re.compile(r"(?<!\d)(?<!\d[.,])" + r"\s+".join(_loosen(piece) for piece in pieces) + r"(?![.,]?\d)")
        found = list(pattern.finditer(self.text))
        assert len(found) >= times, f"not in the paper: {pieces}"
        for match in found:
            self.struck += len(re.findall(r"\d+", match.group()))
        self.text = pattern.sub(STRUCK, self.text)

    def name(self, pattern: str) -> None:
        """Strike out what is no result, such as a date or a page."""
        self.text = re.sub(pattern, STRUCK, self.text)

    def list_left(self) -> list[str]:
        """The numbers that nothing accounts for, each with what stands around it."""
        return [self.text[max(0, match.start() - 60) : match.end() + 40] for match in re.finditer(r"\d+", self.text)]


def say(words: str) -> str:
    """Words as a pattern for `Ledger.account`."""
    return re.escape(words)


def _loosen(pattern: str) -> str:
    """Let a line break stand wherever a line may be broken, but never within a number."""
    loose = pattern.replace("\\ ", " ").replace("/", r"/\s?").replace("\\-", r"\-\s?")
    return re.sub(r" +", r"\\s+", loose)
