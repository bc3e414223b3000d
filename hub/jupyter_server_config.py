"""Settings of the learners' servers where all of them run on one machine: copy it into /etc/jupyter there.

By default a server talks to a kernel through five network ports. The server picks them free; the kernel takes
them some seconds later. When a class starts its kernels in the same moment, two may pick the same port, and
the later kernel dies: measured-ports.json is a trial in which that happened. Sockets that are files can't
collide, and no neighbour can reach them. In a cluster each learner has a network of their own: nothing to do.
"""

import os
import tempfile

c = get_config()  # noqa: F821

c.KernelManager.transport = "ipc"
# A socket's path may have 107 letters, and below a home with a long name it would have more. mkdtemp makes a
# folder that only its owner can open.
if "JUPYTER_RUNTIME_DIR" not in os.environ:
    os.environ["JUPYTER_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="jupyter-")
