"""Arrays and a few words as bytes and back; no pickle, so what is kept can do no harm."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np

Read = TypeVar("Read")


def pack_arrays(
    head: Mapping[str, Any], arrays: Mapping[str, Any], *, compress: bool = False
) -> bytes:
    """All arrays, and `head` (whatever is no array, as JSON can say it) among them."""
    buffer = io.BytesIO()
    save = np.savez_compressed if compress else np.savez
    save(buffer, head=np.array(json.dumps(head, ensure_ascii=False)), **arrays)
    return buffer.getvalue()


def unpack_arrays(
    content: bytes, read: Callable[[dict[str, Any], Mapping[str, Any]], Read]
) -> Read | None:
    """What `read` makes of head and arrays; None for bytes of another or an older form.

    Whoever kept them works them out again then, so a form may change from version to version.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return read(json.loads(str(arrays["head"])), arrays)
    except (KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile):
        return None
