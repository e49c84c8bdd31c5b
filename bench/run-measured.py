"""Runs a command to its end, and writes what it took: wall time and CPU time in milliseconds, peak
memory (of its largest process) in bytes, as getrusage(2) has them.

usage: python3 run-measured.py REPORT COMMAND [ARGUMENT ...]
"""

import json
import os
import sys
import time

report, *command = sys.argv[1:]
begun = time.monotonic()
pid = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(pid, 0)
elapsed = time.monotonic() - begun
with open(report, "w", encoding="utf-8") as file:
    json.dump(
        {
            "elapsed": elapsed * 1000,
            "cpu": (usage.ru_utime + usage.ru_stime) * 1000,
            "peak": usage.ru_maxrss * 1024,
        },
        file,
    )
sys.exit(os.waitstatus_to_exitcode(status) & 255)
