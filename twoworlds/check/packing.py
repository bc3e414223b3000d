"""Solutions and keys are packed against accidental reading only: whoever wants to read them can.

Base64 without compression: compressed bytes differ between zlib builds, and check data must be the same
everywhere.
"""

import base64
import json


def pack(content):
    """JSON-able content -> text that nobody reads by accident."""
    return base64.b64encode(json.dumps(content, sort_keys=True, ensure_ascii=False).encode("utf-8")).decode(
        "ascii"
    )


def unpack(text):
    """The reverse. Raises ValueError where the text is damaged."""
    return json.loads(base64.b64decode(text, validate=True).decode("utf-8"))
