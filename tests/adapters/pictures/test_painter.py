"""Pictures are drawn beside the bot, in time or not at all, and only with letters that a font here has."""

from __future__ import annotations

import asyncio
import io
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import structlog
from PIL import Image
from structlog.testing import CapturingLogger

from adapters.pictures.drawing import WIDTH, Row, Sheet, draw, parts, placed
from adapters.pictures.fonts import Face, Fonts, NoFont
from adapters.pictures.painter import Painter
from core.cards import Mention, Picture, line
from core.cards import Row as Told
from core.texts import ISOLATES

BOARD = Sheet("This week", (Row("Amira, Kofi", place="1.", amount="25", share=1.0), Row("you", place="3.", amount="5")))
TALL, HALF = 80, WIDTH // 2


@pytest.fixture
def fonts() -> Fonts:
    if shutil.which("fc-match") is None:
        pytest.skip("needs fontconfig, which is absent")
    found = Fonts()
    try:
        found.typeset("Amira")
    except NoFont:
        pytest.skip("needs a font, which is absent")
    return found


@pytest.fixture
def rare(fonts: Fonts) -> str:
    """A letter that nearly no machine has a font for."""
    letter = "\N{CYPRO-MINOAN SIGN CM001}"
    listed = subprocess.run(["fc-list", f":charset={ord(letter):x}"], capture_output=True, timeout=10, check=False)  # noqa: S607 - as fonts.py asks
    if listed.stdout:
        pytest.skip("this machine has a font for everything")
    return letter


def image(drawn: bytes) -> Image.Image:
    return Image.open(io.BytesIO(drawn)).convert("L")


def ink(picture: Image.Image, left: int, right: int, top: int = 0, bottom: int = 150) -> int:
    """How many dark points there are."""
    return sum(picture.crop((left, top, right, bottom)).histogram()[:TALL])


def test_a_sheet_is_as_wide_as_a_phone_needs_and_as_high_as_it_must_be(fonts: Fonts) -> None:
    short, long = image(draw(BOARD, fonts)), image(draw(Sheet(BOARD.title, BOARD.rows * 2), fonts))
    assert (short.width, long.width) == (WIDTH, WIDTH)
    assert short.height < long.height < WIDTH


def test_a_long_name_stays_on_the_sheet(fonts: Fonts) -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff" * 3
    drawn = image(draw(Sheet("This week", (Row(name, place="1.", amount="1,000,000", share=1.0),)), fonts))
    assert ink(drawn, WIDTH - 40, WIDTH, bottom=drawn.height) == 0
    assert ink(drawn, 64, 200, bottom=drawn.height) > 0


def test_a_title_that_runs_to_the_left_mirrors_the_sheet(fonts: Fonts) -> None:
    try:
        fonts.typeset("هذا الأسبوع", bold=True)
    except NoFont:
        pytest.skip("needs an Arabic font and Raqm")
    left, right = image(draw(Sheet("This week", ()), fonts)), image(draw(Sheet("هذا الأسبوع", ()), fonts))
    assert ink(left, 0, HALF) > 0 == ink(left, HALF, WIDTH)
    assert ink(right, 0, HALF) == 0 < ink(right, HALF, WIDTH)


MANY = (
    "Amira",
    "\u062a\u0627\u062c \u062d\u0633\u0646",
    "\uc9c0\ubbfc",
    "\u0e01\u0e49\u0e2d\u0e07",
)  # Latin, Arabic, Hangul, Thai: no one font has all


def names(*called: str) -> str:
    return ", ".join(name.join(ISOLATES) for name in called)


@pytest.fixture
def many(fonts: Fonts) -> Fonts:
    try:
        for name in (*MANY, "هذا الأسبوع"):
            fonts.typeset(name), fonts.typeset(name, bold=True)
    except NoFont:
        pytest.skip("needs fonts for Arabic, Hangul and Thai, and Raqm")
    return fonts


def test_names_in_several_scripts_are_drawn_each_with_a_font_that_has_it(many: Fonts) -> None:
    found = many.typeset(names(*MANY))
    runs = [run for unit in found.units for run in unit.runs]
    assert "".join(run.text for run in runs) == ", ".join(MANY)
    assert len({run.face for run in runs}) >= 3
    assert [unit.isolated for unit in found.units] == [True, False] * 3 + [True]


@pytest.mark.parametrize("mirrored", [False, True])
def test_such_names_follow_one_another_as_the_sheet_runs(many: Fonts, mirrored: bool) -> None:
    shown = list(placed(many.typeset(names(*MANY)), mirrored))
    at = {run.text: i for i, (run, _) in enumerate(shown) if run.text in MANY}
    assert list(at) == list(reversed(MANY) if mirrored else MANY)
    assert [run.text for run, leftwards in shown if leftwards and run.text in MANY] == [MANY[1]]
    assert [leftwards for run, leftwards in shown if run.text.strip() == ","] == [mirrored] * 3


@pytest.mark.parametrize("comma", ["\N{IDEOGRAPHIC COMMA}", "\N{ARABIC COMMA}"])
def test_the_comma_between_two_names_is_drawn_though_their_font_lacks_it(many: Fonts, comma: str) -> None:
    for pair in (MANY[1:3], MANY[::3], MANY[2:]):
        assert comma in "".join(run.text for unit in many.typeset(comma.join(pair)).units for run in unit.runs)


def test_a_line_ends_between_names_and_within_none() -> None:
    kofi, mei = ("Kofi A.".join(ISOLATES), "Mei L.".join(ISOLATES))
    assert parts(f"{kofi}, {mei} and more") == [f"{kofi}, ", f"{mei} ", "and ", "more"]
    comma = "\N{IDEOGRAPHIC COMMA}"
    assert parts(f"{kofi}{comma}{mei}{comma}他") == [f"{kofi}{comma}", f"{mei}{comma}", "他"]


def test_letters_that_no_font_has_are_not_drawn_as_boxes(fonts: Fonts, rare: str) -> None:
    with pytest.raises(NoFont, match="no font has"):
        draw(Sheet("This week", (Row(f"Amira {rare}"),)), fonts)


def test_fontconfig_that_did_not_answer_once_is_asked_again(
    fonts: Fonts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unasked = "Quick brown fox 73915"
    with monkeypatch.context() as nowhere:
        nowhere.setenv("PATH", str(tmp_path))
        with pytest.raises(NoFont):
            Fonts().typeset(unasked)
    assert Fonts().typeset(unasked).text == unasked


def test_an_emoji_that_the_font_lacks_is_left_out_of_a_name(fonts: Fonts) -> None:
    assert fonts.typeset("Amira \U0001fae0, Kofi").text == "Amira, Kofi"
    assert fonts.typeset(names("Amira \U0001fae0", "Kofi")).text == names("Amira", "Kofi")


def test_marks_do_not_tower_over_the_lines_around(fonts: Fonts) -> None:
    assert fonts.typeset("a" + "\u0301\u0302\u0303\u0304" * 9).text.count("\u0302") <= 1


def test_a_font_of_ones_own_is_asked_first(fonts: Fonts) -> None:
    own = Path(fonts.typeset("Amira", bold=True).face.file)
    assert Fonts(own).typeset("Amira").face == Face(str(own))


def test_a_font_file_that_is_none_is_passed_over(fonts: Fonts, tmp_path: Path) -> None:
    (tmp_path / "no.ttf").write_text("no font")
    assert Fonts(tmp_path / "no.ttf").typeset("Amira").face == fonts.typeset("Amira").face


def told(name: str = "Amira") -> Picture:
    return Picture(line("This week"), (Told((Mention("slack:T1/U1", name),), place="1.", amount="5", share=1.0),))


async def test_a_picture_is_drawn_beside_the_loop(fonts: Fonts) -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.005)

    turning = asyncio.create_task(turn())
    drawn = await Painter(structlog.get_logger()).draw(told())
    turning.cancel()
    assert drawn is not None
    assert drawn.startswith(b"\x89PNG")
    assert turns > 5


async def test_what_takes_too_long_is_ended_and_left_out() -> None:
    logged = CapturingLogger()
    painter = Painter(structlog.wrap_logger(logged, processors=[]), seconds=0.02)
    began = time.monotonic()
    assert [await painter.draw(told()) for _ in range(2)] == [None, None]
    assert time.monotonic() - began < 2
    assert [call.kwargs["reason"] for call in logged.calls] == ["it was not drawn within 0.02 seconds"]


async def test_what_has_no_font_is_left_out_and_the_log_names_the_script_and_no_name(rare: str) -> None:
    logged = CapturingLogger()
    assert await Painter(structlog.wrap_logger(logged, processors=[])).draw(told(f"Amira {rare}")) is None
    assert [call.kwargs["reason"] for call in logged.calls] == ["no font has CYPRO-MINOAN letters"]
