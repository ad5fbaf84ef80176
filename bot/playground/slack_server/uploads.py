"""Files on their way into the workspace, and those that arrived."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .errors import ApiError, Json


@dataclass(slots=True)
class Upload:
    """`content` None: nobody has sent it yet. `said`: for screen readers. `refused`: how often a message that shows it
    was."""

    name: str
    length: int
    content: bytes | None = None
    said: str = ""
    refused: int = 0

    @property
    def whole(self) -> bool:
        return self.content is not None and len(self.content) == self.length


@dataclass(slots=True)
class Uploads:
    """By the id of the file. `looks`: so many messages that show a new file are refused, as Slack does while it looks
    through one."""

    held: dict[str, Upload] = field(default_factory=dict)
    looks: int = 0

    def expect(self, name: str, length: int, said: str = "") -> str:
        file = f"F0{len(self.held) + 1:08d}"
        self.held[file] = Upload(name, length, said=said)
        return file

    def problems(self, blocks: Any) -> list[str]:
        """What Slack says about images in a message that show a file."""
        found = []
        for index, block in enumerate(blocks if isinstance(blocks, list) else []):
            shown = block.get("slack_file") if isinstance(block, dict) and block.get("type") == "image" else None
            if shown is not None and not self._shows(shown):
                found.append(f"invalid slack file [json-pointer:/blocks/{index}/slack_file]")
        return found

    def _shows(self, shown: Any) -> bool:
        upload = self.held.get(str(shown.get("id"))) if isinstance(shown, dict) and "url" not in shown else None
        if upload is None or not upload.whole:
            return False
        upload.refused += 1
        return upload.refused > self.looks

    def shown(self, file: str, title: str) -> Json:
        """As a message shows it. Raises `file_not_found` for one that did not come whole."""
        upload = self.held.get(file)
        if upload is None or not upload.whole:
            raise ApiError("file_not_found")
        return {"id": file, "name": upload.name, "title": title or upload.name, "size": upload.length}

    async def receive(self, request: web.Request) -> web.Response:
        """The bytes of one file."""
        upload = self.held.get(request.match_info["file"])
        if upload is None:
            return web.Response(status=404)
        upload.content = await request.read()
        return web.Response(text=f"OK - {len(upload.content)}")
