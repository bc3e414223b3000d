"""System calls that a submission has no use for, as a filter that the kernel enforces.

They reach parts of the kernel where holes have been found, open new namespaces, or hold memory that no limit
on processes counts. Written by hand in the kernel's filter language (classic BPF), since it is short.
"""

import platform
import struct

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in the kernel's struct seccomp_data
_NEW_USER = 0x10000000  # clone's flag for a new user namespace
_CLONE3 = 435  # the same number everywhere; its flags lie in memory, where a filter cannot look
_X32 = 0x40000000  # calls of the x32 convention begin here

# The same on all machines, since Linux 5.0: io_uring_*, the new mount calls, memfd_secret.
_COMMON = (425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 447)
# name -> (number on x86_64, number on aarch64)
_REFUSED = {
    "ptrace": (101, 117),
    "syslog": (103, 116),
    "personality": (135, 92),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "setns": (308, 268),
    "perf_event_open": (298, 241),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # Memory that belongs to no process: it would escape the limits.
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
_MACHINES = {"x86_64": (0, 0xC000003E, 56), "aarch64": (1, 0xC00000B7, 220)}  # column, identity, clone


def program(machine=None):
    """The filter as bytes for `bwrap --seccomp`; None on a machine whose numbers are not known here."""
    known = _MACHINES.get(machine or platform.machine())
    if known is None:
        return None
    column, identity, clone = known
    refused = [*(numbers[column] for numbers in _REFUSED.values()), *_COMMON]
    code = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, identity), (_RETURN, 0, 0, _KILL)]
    code += [(_LOAD, 0, 0, _NUMBER)]
    tests = [(_AT_LEAST, _X32)] * (column == 0) + [(_EQUAL, number) for number in refused]
    # After the tests: clone3 (2 lines), clone (3 lines), allow, refuse. Jumps are counted from the next line.
    for place, (kind, number) in enumerate(tests):
        code.append((kind, len(tests) - place - 1 + 6, 0, number))
    code += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERRNO | _ENOSYS)]
    code += [(_EQUAL, 0, 2, clone), (_LOAD, 0, 0, _FIRST_ARGUMENT), (_ANY_BIT, 1, 0, _NEW_USER)]
    code += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | _EPERM)]
    return b"".join(struct.pack("<HBBI", *line) for line in code)
