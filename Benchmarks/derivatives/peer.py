"""PyTorch's forms of the programs beside it, under the same names, on the data they are given.

    $ python3 peer.py 1                        # with one thread
    torch=2.15.0 pytorch_metric_learning=2.9.0
    data regression {"xs": [0, 0.1, …], "ys": [-1, …]}
    2
    seconds regression points 200              # of one step, from 200 steps or more
    0.001313
    value regression points 3                  # after three steps
    0.175… 0.055…
"""

import functools
import importlib
import json
import pathlib
import sys

here = pathlib.Path(__file__).parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(here), str(here.parent)]
from answers import Case, module, serve

torch = module("torch")
if torch:
    torch.set_num_threads(int(sys.argv[1]))
    torch.set_default_dtype(torch.float64)

given = {}


def take(request):
    """Keeps the data of a program, whole numbers as the floats they are."""
    program, text = request.split(" ", 1)
    given[program] = json.loads(text, parse_int=float)
    return len(given[program])


@functools.cache
def case(program, function, at_least=1):
    ways = getattr(importlib.import_module(program), function)
    return Case(*ways(given[program]), at_least=int(at_least))


def value(request):
    program, function, count = request.split()
    return case(program, function).value(int(count))


serve(
    ["torch", "pytorch_metric_learning"],
    {
        "data": take,
        "seconds": lambda request: case(*request.split()).seconds(),
        "value": value,
    },
)
