"""`manage.py extract`: JSON Lines on stdout, words for people on stderr, no database."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

PROJECT = Path(__file__).parents[2]
REGISTRY = "agencies:\n  - {key: so-yt, name: Sở Y tế, kind: state}\n"
TEXT = (
    "III. TỔ CHỨC THỰC HIỆN\n\n1. Sở Y tế báo cáo trong tháng 3/2024.\n\n2. Kinh phí lấy từ ngân "
    "sách nhà nước hiện hành.\n"
)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "danh-muc.yaml"
    path.write_text(REGISTRY, encoding="utf-8")
    return path


def run(*arguments: str | Path) -> tuple[list[dict[str, object]], str]:
    stdout, stderr = io.StringIO(), io.StringIO()
    call_command("extract", *map(str, arguments), stdout=stdout, stderr=stderr)
    return [json.loads(line) for line in stdout.getvalue().splitlines()], stderr.getvalue()


def test_rows_go_to_stdout(tmp_path: Path, registry: Path) -> None:
    path = tmp_path / "kh 12.txt"
    path.write_text(TEXT, encoding="utf-8")
    rows, words = run("--registry", registry, path)
    assert [(row["document"], row["due"], row["leads"]) for row in rows] == [("kh 12", "2024-03", ["so-yt"])]
    assert words == ""


def test_coverage_goes_to_stdout_instead(tmp_path: Path, registry: Path) -> None:
    path = tmp_path / "kh.txt"
    path.write_text(TEXT, encoding="utf-8")
    ((row,), _) = run("--registry", registry, "--coverage", path)
    assert (row["document"], row["duties"]) == ("kh", 1)
    start = TEXT.index("Kinh phí")
    assert row["blocks_without_duty"] == [
        {"start": start, "end": len(TEXT) - 1, "words": "Kinh phí lấy từ ngân sách nhà nước hiện hành."}
    ]


def test_standard_input_is_named_stdin(monkeypatch: pytest.MonkeyPatch, registry: Path) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    ((row,), _) = run("--registry", registry, "-")
    assert row["document"] == "stdin"


def test_a_text_without_duties_is_told_and_no_failure(tmp_path: Path, registry: Path) -> None:
    path = tmp_path / "báo cáo.txt"
    path.write_text("BÁO CÁO\nSở Y tế đã làm tốt.", encoding="utf-8")
    rows, words = run("--registry", registry, path)
    assert rows == []
    assert "«báo cáo»: không thấy nhiệm vụ nào" in words


def test_a_bad_file_fails_the_command_but_not_the_others(tmp_path: Path, registry: Path) -> None:
    good, bad = tmp_path / "a.txt", tmp_path / "b.txt"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_bytes(b"\x00\x01")
    stdout, stderr = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="1 trên 2 tệp"):
        call_command(
            "extract", "--registry", str(registry), str(bad), str(good), stdout=stdout, stderr=stderr
        )
    assert json.loads(stdout.getvalue())["document"] == "a"
    assert f"«{bad}»" in stderr.getvalue()


def test_a_bad_registry_fails_the_command(tmp_path: Path) -> None:
    path = tmp_path / "danh-muc.yaml"
    path.write_text("agencies: [{key: x}]", encoding="utf-8")
    with pytest.raises(CommandError, match="thiếu"):
        run("--registry", path, "x.txt")


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path, registry: Path) -> None:
    path = tmp_path / "dài.txt"
    items = "".join(
        f"{number}. Sở Y tế báo cáo kết quả công việc số {number}.\n\n" for number in range(1, 90)
    )
    path.write_text(f"III. TỔ CHỨC THỰC HIỆN\n\n{items * 40}", encoding="utf-8")
    command = [sys.executable, "manage.py", "extract", "--registry", str(registry), str(path)]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=PROJECT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=60
    )
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 128 + 13
