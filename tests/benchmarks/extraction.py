"""How long the extraction takes and what memory it needs: `python tests/benchmarks/extraction.py [--large]`.

Each measurement runs in a process of its own, so that one does not warm or fill the next. Time (of
the processor: others may share the machine) is
the best of several turns, once the registry is loaded. Memory is the highest resident size while
reading, above what the interpreter has before anything is imported; reading the file counts.
`--large` adds texts of 100 MB. Growth is printed as the time of ×2, ×4 and ×8 over that of ×1: a
linear reader prints 2, 4 and 8.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
MEGABYTE = 1_000_000
BUDGET_SECONDS, BUDGET_MEGABYTES = 0.5, 100
TURNS = {"seeds": 5, "x1": 3, "x2": 2}
STANDARD = ("seeds", "x1", "x2", "x4", "x8", "line-10", "block-10", "wide-10", "noise-10")
LARGE = ("lines-100", "line-100")


@dataclass(frozen=True, slots=True)
class Figures:
    """One measurement: the text's size, the duties read, seconds, and memory in MB."""

    name: str
    size: float
    duties: int
    seconds: float
    memory: float
    registry: float


def text_of(name: str) -> list[str]:
    """The texts that a measurement reads."""
    seeds = [path.read_text(encoding="utf-8-sig") for path in sorted(SEEDS.glob("*.txt"))]
    if name == "seeds":
        return seeds
    whole = "\n".join(seeds)
    if name.startswith("x"):
        return [whole * int(name[1:])]
    shape, _, megabytes = name.partition("-")
    size = int(megabytes) * MEGABYTE
    return [SHAPES[shape](whole, size)]


def _repeated(text: str, size: int) -> str:
    """`text` over and over, up to `size` bytes of UTF-8."""
    return text * max(1, round(size / len(text.encode())))


HEADING = "ĐẢNG CỘNG SẢN VIỆT NAM\nSố 12-NQ/TU\n\nNGHỊ QUYẾT\n\nIII- TỔ CHỨC THỰC HIỆN\n\n1. Giao Sở Y tế "
SHAPES: dict[str, Callable[[str, int], str]] = {
    "lines": _repeated,
    "line": lambda whole, size: _repeated(" ".join(whole.split()), size),
    "block": lambda whole, size: HEADING + _repeated(" ".join(whole.split()), size),
    "wide": lambda whole, size: _repeated("| " + " ".join(whole[:4000].split()) + " |", size),
    "noise": lambda _, size: _repeated("trước ngày 15/7/2021; (hằng năm, Sở Y tế) ", size),
}


def measure(name: str) -> Figures:
    """Run in a fresh process: everything is imported here, after the first look at the memory."""
    empty = _resident()
    sys.path[0] = str(ROOT)  # not this folder, whose modules must not hide those of the library
    from tracker.extraction.extract import Extractor  # noqa: PLC0415 - after the first look
    from tracker.extraction.registry import load_registry  # noqa: PLC0415

    begun = time.process_time()
    extractor = Extractor(load_registry(SEEDS / "agencies.yaml"))
    registry = time.process_time() - begun
    texts = text_of(name)
    best, duties = float("inf"), 0
    for _ in range(TURNS.get(name, 1)):
        begun = time.process_time()
        results = [extractor.extract(text, name=name) for text in texts]
        best = min(best, time.process_time() - begun)
        duties = sum(len(document.duties) for result in results for document in result.documents)
    size = sum(len(text.encode()) for text in texts) / MEGABYTE
    return Figures(name, size, duties, best, _resident() - empty, registry)


def _resident() -> float:
    """The highest resident size so far, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MEGABYTE


def measure_apart(name: str) -> Figures:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--measure", name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own script
    return Figures(**json.loads(done.stdout))


def report(names: tuple[str, ...]) -> bool:
    """Print the table; whether the five seeds kept to their budget."""
    write(f"{'text':<10}{'MB':>8}{'duties':>8}{'seconds':>10}{'MB/s':>8}{'memory MB':>11}")
    measured: dict[str, Figures] = {}
    for name in names:
        figures = measured[name] = measure_apart(name)
        speed = figures.size / figures.seconds
        write(
            f"{name:<10}{figures.size:>8.2f}{figures.duties:>8}{figures.seconds:>10.3f}{speed:>8.1f}"
            f"{figures.memory:>11.1f}"
        )
    ratios = [f"{name} {measured[name].seconds / measured['x1'].seconds:.2f}" for name in ("x2", "x4", "x8")]
    write(f"growth over x1: {', '.join(ratios)} (linear: 2, 4, 8)")
    seeds = measured["seeds"]
    write(f"registry: {seeds.registry:.3f} s, once")
    kept = seeds.seconds < BUDGET_SECONDS and seeds.memory < BUDGET_MEGABYTES
    write(f"five seeds under {BUDGET_SECONDS} s and {BUDGET_MEGABYTES} MB: {'yes' if kept else 'NO'}")
    return kept


def write(line: str) -> None:
    """One line, at once: a measurement may take a minute."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Measure one text in this process (`--measure`), or print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--large", action="store_true", help="also read texts of 100 MB")
    parser.add_argument("--measure", metavar="NAME", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        write(json.dumps(asdict(measure(options.measure))))
        return 0
    return 0 if report(STANDARD + (LARGE if options.large else ())) else 1


if __name__ == "__main__":
    sys.exit(main())
