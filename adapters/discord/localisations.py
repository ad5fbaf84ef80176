"""Commands in the language of each person's Discord: descriptions, choices and menus from the catalogues.

Commands keep their names, for texts on both platforms call them by these; options are named in each language.
"""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location
from discord.app_commands import TranslationContextTypes

from core.language import ENGLISH, Language
from core.languages import DISCORD, speak, translated

_LANGUAGES = {called: code for code, called in DISCORD.items()}
_LONGEST_NAME, _LONGEST_TEXT = 32, 100

OPTIONS = {
    "de": {
        "account": "konto",
        "achievement": "abzeichen",
        "board": "bestenliste",
        "by": "über",
        "code": "code",
        "day": "tag",
        "from": "von",
        "kind": "art",
        "language": "sprache",
        "member": "mitglied",
        "name": "name",
        "note": "notiz",
        "period": "zeitraum",
        "proof": "beleg",
        "reason": "grund",
        "show": "zeigen",
        "team": "team",
        "timezone": "zeitzone",
        "until": "bis",
    },
    "es": {
        "account": "cuenta",
        "achievement": "insignia",
        "board": "clasificación",
        "by": "por",
        "code": "código",
        "day": "día",
        "from": "desde",
        "kind": "tipo",
        "language": "idioma",
        "member": "miembro",
        "name": "nombre",
        "note": "nota",
        "period": "periodo",
        "proof": "prueba",
        "reason": "motivo",
        "show": "mostrar",
        "team": "equipo",
        "timezone": "zona",
        "until": "hasta",
    },
    "ja": {
        "account": "アカウント",
        "achievement": "バッジ",
        "board": "ランキング",
        "by": "方法",
        "code": "コード",
        "day": "日",
        "from": "開始",
        "kind": "種類",
        "language": "言語",
        "member": "メンバー",
        "name": "名前",
        "note": "メモ",
        "period": "期間",
        "proof": "根拠",
        "reason": "理由",
        "show": "表示",
        "team": "チーム",
        "timezone": "タイムゾーン",
        "until": "終了",
    },
}


class Localisations(app_commands.Translator):
    """Says what Discord asks for each text of our commands, in each of its languages."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        code = _LANGUAGES.get(locale.value)
        return said(string.message, context, code) if code is not None else None


def said(text: str, context: TranslationContextTypes, code: str) -> str | None:
    """None where it stays as it is."""
    if context.location in (Location.group_name, Location.other):
        return None
    if context.location is Location.parameter_name:
        return OPTIONS[code].get(text)
    if context.location is Location.command_name:
        is_menu = isinstance(context.data, app_commands.ContextMenu)
        return _within(menus(speak(code)).get(text), _LONGEST_NAME) if is_menu else None
    found = translated(code, text)
    return None if found == text else _within(found, _LONGEST_TEXT)


def menus(t: Language = ENGLISH) -> dict[str, str]:
    """What the menus of messages and people offer."""
    return {
        "Mark as helpful": t.gettext("Mark as helpful"),
        "Nominate": t.gettext("Nominate"),
        "Profile": t.gettext("Profile"),
    }


def _within(text: str | None, most: int) -> str | None:
    return text if text is None or len(text) <= most else f"{text[: most - 1]}…"
