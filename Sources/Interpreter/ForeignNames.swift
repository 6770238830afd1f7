/// Names of other languages and libraries, and what is written for them here.
enum ForeignNames {
  /// What to do instead of `name`; nil for a word that means nothing in particular.
  static func advice(for name: String) -> String? {
    if libraries.contains(name) {
      return "Every function is there already, without a prefix: zeros(3), exp(x)."
    }
    return words[name]
  }

  private static let libraries: Set<String> = [
    "np", "numpy", "math", "torch", "tf", "jax", "jnp", "scipy", "random", "Math", "plt", "sklearn",
  ]

  private static let words = [
    "array": "[1, 2, 3] is a tensor already.",
    "tensor": "[1, 2, 3] is a tensor already.",
    "asarray": "[1, 2, 3] is a tensor already.",
    "list": "[x for x in xs] makes a list.",
    "dict": "Named values are record(x=1, y=2).",
    "set": "unique(x) keeps every element once.",
    "int": "Numbers are of one kind; floor(x) and round(x) make them whole.",
    "float": "Numbers are of one kind; num(text) reads one from a string.",
    "bool": "A comparison gives one: x != 0.",
    "string": "str(x) makes a string of a value.",
    "null": "Write none.",
    "nil": "Write none.",
    "undefined": "Write none.",
    "NULL": "Write none.",
    "NaN": "Write nan.",
    "Inf": "Write inf.",
    "Infinity": "Write inf.",
    "PI": "Write pi.",
    "println": "Write print(x).",
    "printf": "Write print(\"{x:.2f}\").",
    "disp": "Write print(x).",
    "echo": "Write print(x).",
    "length": "Write len(x).",
    "numel": "Write x.size.",
    "ndims": "Write x.ndim.",
    "size": "Write x.shape, or x.size for the number of elements.",
    "pow": "Write a ^ b.",
    "power": "Write a ^ b.",
    "mod": "Write a % b.",
    "matmul": "Write a @ b.",
    "mm": "Write a @ b.",
    "ln": "Write log(x).",
    "log10": "Write log(x) / log(10).",
    "log2": "Write log(x) / log(2).",
    "concatenate": "Write concat([a, b]).",
    "cat": "Write concat([a, b]).",
    "vstack": "Write concat([a, b]), or stack([v, w]) for vectors.",
    "hstack": "Write concat([a, b], axis=1).",
    "ravel": "Write flatten(x).",
    "fmod": "Write a % b.",
    "median": "Write sort(x)[len(x) // 2] for an odd number of elements.",
    "absolute": "Write abs(x).",
    "arcsin": "Write asin(x).",
    "arccos": "Write acos(x).",
    "arctan": "Write atan(x).",
    "arctan2": "Write atan2(y, x).",
    "this": "There are no objects with methods; a record has fields.",
    "self": "There are no objects with methods; a record has fields.",
    "help": "At the prompt, ?sum shows the help of sum.",
    "exit": "At the prompt, :quit ends the session.",
    "quit": "At the prompt, :quit ends the session.",
    "pass": "An empty block is { }.",
    "end": "Blocks end with }; the last element is x[-1].",
    "try": "There are no exceptions: an error ends the cell and is shown.",
  ]
}
