"""files: handed over in three steps. The app asks for an address, posts the bytes there, and says where they go."""

import json

from ..errors import ApiError, Json
from .call import Call, Method


def _get_address(call: Call) -> Json:
    length = call.need("length")
    if not length.isdigit() or int(length) == 0:
        raise ApiError("invalid_arguments")
    file = call.world.files.expect(call.need("filename"), int(length), str(call.get("alt_txt") or ""))
    return {"upload_url": f"{call.desk.upload_url()}/{file}", "file_id": file}


def _complete(call: Call) -> Json:
    listed = call.get("files")
    told = json.loads(listed) if isinstance(listed, str) else listed or []
    shown = [call.world.files.shown(str(one["id"]), str(one.get("title") or "")) for one in told]
    if call.get("channel_id"):  # without, the file stays the app's own
        channel: str = call.world.place(call.need("channel_id"))["id"]
        if not call.world.bot_in(channel):
            raise ApiError("channel_not_found")
        call.desk.story.post_as_bot(channel, str(call.get("initial_comment") or ""), files=shown)
    return {"files": shown}


METHODS: dict[str, Method] = {
    "files.completeUploadExternal": _complete,
    "files.getUploadURLExternal": _get_address,
}
