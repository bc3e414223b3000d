"""What a trial of the grader looks at outside the sandbox: a server, files, processes that are left."""

import hashlib
import os
import socket
import threading
from pathlib import Path


def listener():
    """A server outside the sandbox that counts who gets through to it. Returns (port, [count])."""
    server = socket.create_server(("127.0.0.1", 0))
    reached = [0]

    def accept():
        while True:
            connection, _ = server.accept()
            reached[0] += 1
            connection.close()

    threading.Thread(target=accept, daemon=True).start()
    return server.getsockname()[1], reached


def digests(folder):
    """Digest of every file below a folder, links by their target."""
    return {
        path: hashlib.sha256(
            os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
        ).hexdigest()
        for path in sorted(folder.rglob("*"))
        if (path.is_symlink() or path.is_file())
        and path.stat(follow_symlinks=False).st_size < 10**8
        and path.suffix != ".pyc"
    }


def strangers():
    """Processes of the sandboxes' users that are still there."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            uid = next(line for line in status.read_text().splitlines() if line.startswith("Uid:")).split()[1]
        except (OSError, StopIteration):
            continue
        if 1_963_400_000 <= int(uid) < 1_963_500_000:
            found.append(status.parent.name)
    return found
