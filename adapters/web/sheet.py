"""The look of every page for people, and the headers that keep it from doing anything else."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib import resources
from string import Template

from fastapi.responses import HTMLResponse

from adapters.web.markup import paragraph
from core.language import Language

_FILES = resources.files("adapters.web") / "templates"


class Sheet:
    """`sends_to`: an origin that a form of these pages may lead to, beside ours."""

    def __init__(self, sends_to: str = "") -> None:
        self._style = (_FILES / "page.css").read_text(encoding="utf-8").strip()
        self._page = Template((_FILES / "page.html").read_text(encoding="utf-8"))
        digest = hashlib.sha256(self._style.encode()).digest()
        targets = f"'self' {sends_to}".strip()
        self.headers = {
            "Content-Security-Policy": "default-src 'none'; "
            f"style-src 'sha256-{base64.b64encode(digest).decode()}'; "
            f"form-action {targets}; frame-ancestors 'none'; base-uri 'none'",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "Vary": "Accept-Language",
        }

    def html(self, title: str, body: str, t: Language, status: int = 200) -> HTMLResponse:
        """`body`: HTML; `title`: plain text; both in the language `t`."""
        direction = "rtl" if t.right_to_left else "ltr"
        page = self._page.substitute(title=escape(title), style=self._style, body=body, lang=t.locale, dir=direction)
        return HTMLResponse(page, status, {**self.headers, "Content-Language": t.locale})

    def no(self, t: Language, reason: str, status: int) -> HTMLResponse:
        """`reason`: plain text."""
        return self.html(t.gettext("This did not work"), paragraph(reason), t, status)
