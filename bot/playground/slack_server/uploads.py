"""Files on their way into the workspace, and those that arrived."""

from dataclasses import dataclass, field

from aiohttp import web

from .errors import ApiError, Json


@dataclass(slots=True)
class Upload:
    """`content` None: nobody has sent it yet."""

    name: str
    length: int
    content: bytes | None = None


@dataclass(slots=True)
class Uploads:
    """By the id of the file."""

    held: dict[str, Upload] = field(default_factory=dict)

    def expect(self, name: str, length: int) -> str:
        file = f"F0{len(self.held) + 1:08d}"
        self.held[file] = Upload(name, length)
        return file

    def shown(self, file: str, title: str) -> Json:
        """As a message shows it. Raises `file_not_found` for one that did not come whole."""
        upload = self.held.get(file)
        if upload is None or upload.content is None or len(upload.content) != upload.length:
            raise ApiError("file_not_found")
        return {"id": file, "name": upload.name, "title": title or upload.name, "size": upload.length}

    async def receive(self, request: web.Request) -> web.Response:
        """The bytes of one file."""
        upload = self.held.get(request.match_info["file"])
        if upload is None:
            return web.Response(status=404)
        upload.content = await request.read()
        return web.Response(text=f"OK - {len(upload.content)}")
