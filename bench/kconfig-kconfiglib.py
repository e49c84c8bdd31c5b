"""Does with Kconfiglib what the tree's `conf --olddefconfig` does, and writes how long each part took.

usage: python3 kconfig-kconfiglib.py KCONFIGLIB ROOT-FILE CONFIG OUT REPORT [ANSWERS]
  KCONFIGLIB  a checkout of Kconfiglib
  ROOT-FILE   where the tree's Kconfig begins, relative to $srctree
  CONFIG      a .config
  OUT         the .config that follows from it
  REPORT      JSON: milliseconds by part
  ANSWERS     JSON: what the commands of the Kconfig files print, to be told instead of asked
"""

import json
import sys
import time

folder, root_file, config, out, report = sys.argv[1:6]
sys.path.insert(0, folder)
import kconfiglib  # noqa: E402

if len(sys.argv) > 6:
    with open(sys.argv[6], encoding="utf-8") as file:
        answers = json.load(file)
    ask = kconfiglib._shell_fn

    def answer(kconf, name, command):
        known = answers.get(command)
        if known is None:
            return ask(kconf, name, command)
        return "\n".join(known.splitlines()).rstrip("\n").replace("\n", " ")

    kconfiglib._shell_fn = answer

times = [time.monotonic()]
kconf = kconfiglib.Kconfig(root_file, warn=False)
times.append(time.monotonic())
kconf.load_config(config)
kconf.write_config(out)
times.append(time.monotonic())
with open(report, "w", encoding="utf-8") as file:
    json.dump(
        {
            "parse": (times[1] - times[0]) * 1000,
            "evaluate": (times[2] - times[1]) * 1000,
        },
        file,
    )
