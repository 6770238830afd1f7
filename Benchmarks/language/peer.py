"""Runs one of the programs beside it and prints how many seconds it took.

    python3 peer.py fib
    python3 peer.py compile 10000     # compiles that many lines instead
"""

import importlib
import pathlib
import sys
import time

here = pathlib.Path(__file__).parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(here))

if sys.argv[1] == "compile":
    block = (here / "lines.py").read_text()
    text = block * (int(sys.argv[2]) // block.count("\n"))
    start = time.perf_counter()
    compile(text, "lines.py", "exec")
else:
    program = importlib.import_module(sys.argv[1])
    start = time.perf_counter()
    program.run()
print(time.perf_counter() - start)
