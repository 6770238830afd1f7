/// One symbol of a formula: how it looks, and what room it wants.
struct MathSymbol: Equatable {
  /// What a symbol is to its neighbours; spacing follows from it.
  enum Kind: Equatable {
    case ordinary, function, name, largeOperator, binary, relation, opening, closing, punctuation,
      fraction
  }

  var unicode: String
  var ascii: String
  var kind: Kind

  init(_ unicode: String, _ ascii: String? = nil, _ kind: Kind = .ordinary) {
    self.unicode = unicode
    self.ascii = ascii ?? unicode
    self.kind = kind
  }

  /// The symbol a command names, such as `le`.
  static func named(_ command: String) -> MathSymbol? { byCommand[command] }

  /// The symbol a character of the source stands for.
  static func of(_ character: Character) -> MathSymbol {
    byCharacter[character] ?? MathSymbol(String(character))
  }

  /// The same symbol in another role.
  func with(_ kind: Kind) -> MathSymbol { MathSymbol(unicode, ascii, kind) }

  /// The same symbol, crossed out.
  var negated: MathSymbol {
    if let known = Self.negations[unicode] {
      return MathSymbol(String(known), Self.byCharacter[known]?.ascii ?? "not " + ascii, kind)
    }
    return MathSymbol(unicode + "\u{338}", "not " + ascii, kind)
  }

  /// The letter in blackboard or script style; the letter itself where there is none.
  static func styled(_ letter: Character, by command: String) -> MathSymbol {
    let name = String(letter)
    let isScript = command != "mathbb"
    if let exception = (isScript ? scriptExceptions : blackboardExceptions)[letter] {
      return MathSymbol(exception, name)
    }
    guard let value = letter.asciiValue, (65...90).contains(value) else { return MathSymbol(name) }
    let first: UInt32 = isScript ? 0x1D49C : 0x1D538
    guard let scalar = Unicode.Scalar(first + UInt32(value) - 65) else { return MathSymbol(name) }
    return MathSymbol(String(Character(scalar)), name)
  }
}

extension MathSymbol {
  private typealias Row = (command: String, unicode: String, ascii: String)

  private static let byCommand: [String: MathSymbol] = {
    var table: [String: MathSymbol] = [:]
    for (rows, kind) in all {
      for row in rows { table[row.command] = MathSymbol(row.unicode, row.ascii, kind) }
    }
    for word in words { table[word] = MathSymbol(word, word, .function) }
    for name in sameLetters { table[name] = MathSymbol(greek(name), name) }
    return table
  }()

  private static let byCharacter: [Character: MathSymbol] = {
    var table: [Character: MathSymbol] = [:]
    for symbol in byCommand.values.sorted(by: { $0.ascii < $1.ascii })
    where symbol.unicode.count == 1 {
      for character in symbol.unicode { table[character] = symbol }
    }
    for character in "([" { table[character] = MathSymbol(String(character), nil, .opening) }
    for character in ")]" { table[character] = MathSymbol(String(character), nil, .closing) }
    for character in ",;" { table[character] = MathSymbol(String(character), nil, .punctuation) }
    for character in "<>=:" { table[character] = MathSymbol(String(character), nil, .relation) }
    table["+"] = MathSymbol("+", nil, .binary)
    table["-"] = MathSymbol("−", "-", .binary)
    table["−"] = table["-"]
    table["*"] = MathSymbol("*", nil, .binary)
    table["|"] = MathSymbol("|")
    table["‖"] = MathSymbol("‖", "||")
    table["⊥"] = MathSymbol("⊥", "perp", .relation)
    return table
  }()

  private static let all: [([Row], Kind)] = [
    (relations, .relation), (binaries, .binary), (largeOperators, .largeOperator),
    (letters, .ordinary), (openings, .opening), (closings, .closing),
  ]

  private static let relations: [Row] = [
    ("le", "≤", "<="), ("leq", "≤", "<="), ("leqslant", "≤", "<="), ("ge", "≥", ">="),
    ("geq", "≥", ">="), ("geqslant", "≥", ">="), ("ne", "≠", "!="), ("neq", "≠", "!="),
    ("lt", "<", "<"), ("gt", ">", ">"), ("ll", "≪", "<<"), ("gg", "≫", ">>"),
    ("approx", "≈", "~="), ("equiv", "≡", "=="), ("sim", "∼", "~"), ("simeq", "≃", "~="),
    ("cong", "≅", "~="), ("propto", "∝", "prop. to"), ("doteq", "≐", "=c"),
    ("triangleq", "≜", ":="), ("coloneqq", "≔", ":="), ("in", "∈", "in"), ("ni", "∋", "has"),
    ("notin", "∉", "not in"), ("subset", "⊂", "subset"), ("subseteq", "⊆", "subset="),
    ("supset", "⊃", "superset"), ("supseteq", "⊇", "superset="), ("mid", "|", "|"),
    ("parallel", "∥", "||"), ("perp", "⊥", "perp"), ("to", "→", "->"), ("rightarrow", "→", "->"),
    ("longrightarrow", "⟶", "-->"), ("leftarrow", "←", "<-"), ("gets", "←", "<-"),
    ("leftrightarrow", "↔", "<->"), ("Rightarrow", "⇒", "=>"), ("implies", "⇒", "=>"),
    ("Leftarrow", "⇐", "<="), ("Leftrightarrow", "⇔", "<=>"), ("iff", "⇔", "<=>"),
    ("mapsto", "↦", "|->"), ("uparrow", "↑", "up"), ("downarrow", "↓", "down"),
    ("models", "⊨", "|="), ("vdash", "⊢", "|-"), ("preceq", "⪯", "<="), ("succeq", "⪰", ">="),
    ("prec", "≺", "<"), ("succ", "≻", ">"), ("asymp", "≍", "~"), ("lesssim", "≲", "<~"),
    ("gtrsim", "≳", ">~"), ("colon", ":", ":"),
  ]

  private static let binaries: [Row] = [
    ("pm", "±", "+-"), ("mp", "∓", "-+"), ("setminus", "∖", "minus"), ("cup", "∪", "union"),
    ("cap", "∩", "intersect"), ("wedge", "∧", "and"), ("land", "∧", "and"), ("vee", "∨", "or"),
    ("lor", "∨", "or"), ("oplus", "⊕", "(+)"), ("ominus", "⊖", "(-)"), ("otimes", "⊗", "(x)"),
    ("cdot", "·", "*"), ("odot", "⊙", "(.)"), ("ast", "∗", "*"), ("star", "⋆", "*"),
    ("div", "÷", "/"),
    ("bmod", "mod", "mod"), ("sqcup", "⊔", "join"), ("sqcap", "⊓", "meet"),
  ]

  private static let largeOperators: [Row] = [
    ("sum", "∑", "sum"), ("prod", "∏", "prod"), ("coprod", "∐", "coprod"), ("int", "∫", "int"),
    ("iint", "∬", "int"), ("oint", "∮", "int"), ("bigcup", "⋃", "union"),
    ("bigcap", "⋂", "intersection"), ("bigoplus", "⨁", "(+)"), ("bigotimes", "⨂", "(x)"),
    ("bigvee", "⋁", "or"), ("bigwedge", "⋀", "and"), ("forall", "∀", "for all"),
    ("exists", "∃", "exists"), ("nexists", "∄", "no"),
  ]

  private static let openings: [Row] = [
    ("lbrace", "{", "{"), ("lbrack", "[", "["), ("langle", "⟨", "<"), ("lVert", "‖", "||"),
    ("lvert", "|", "|"), ("lfloor", "⌊", "floor("), ("lceil", "⌈", "ceil("),
  ]

  private static let closings: [Row] = [
    ("rbrace", "}", "}"), ("rbrack", "]", "]"), ("rangle", "⟩", ">"), ("rVert", "‖", "||"),
    ("rvert", "|", "|"), ("rfloor", "⌋", ")"), ("rceil", "⌉", ")"),
  ]

  private static let letters: [Row] = [
    ("lambda", "λ", "lambda"), ("Lambda", "Λ", "Lambda"), ("varepsilon", "ε", "epsilon"),
    ("vartheta", "ϑ", "theta"), ("varphi", "φ", "phi"), ("phi", "φ", "phi"),
    ("varrho", "ϱ", "rho"), ("varsigma", "ς", "sigma"), ("varpi", "ϖ", "pi"),
    ("ell", "ℓ", "l"), ("hbar", "ℏ", "hbar"), ("infty", "∞", "inf"), ("partial", "∂", "d"),
    ("nabla", "∇", "grad"), ("emptyset", "∅", "{}"), ("varnothing", "∅", "{}"),
    ("neg", "¬", "not "), ("lnot", "¬", "not "), ("Re", "Re", "Re"), ("Im", "Im", "Im"),
    ("top", "⊤", "T"), ("bot", "⊥", "bottom"), ("prime", "′", "'"), ("dagger", "†", "+"),
    ("circ", "∘", "o"), ("times", "×", " x "), ("bullet", "•", "*"),
    ("dots", "…", "..."), ("ldots", "…", "..."), ("cdots", "⋯", "..."), ("vdots", "⋮", ":"),
    ("ddots", "⋱", "..."), ("Vert", "‖", "||"), ("vert", "|", "|"), ("square", "□", "[]"),
    ("checkmark", "✓", "ok"), ("degree", "°", " deg"), ("aleph", "ℵ", "aleph"),
    ("angle", "∠", "angle"), ("triangle", "△", "triangle"), ("blacksquare", "■", "[]"),
    ("qed", "□", "[]"), ("backslash", "∖", "/"), ("slash", "/", "/"), ("lq", "‘", "'"),
    ("imath", "ı", "i"), ("jmath", "ȷ", "j"), ("S", "§", "section "), ("euro", "€", "EUR"),
  ]

  private static let words = [
    "log", "ln", "lg", "exp", "max", "min", "sup", "inf", "lim", "limsup", "liminf", "arg",
    "sin", "cos", "tan", "cot", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "det",
    "dim", "ker", "rank", "tr", "deg", "gcd", "Pr", "hom", "sgn", "sign", "argmax", "argmin",
    "softmax", "diag",
  ]

  /// Greek letters whose command is their Unicode name.
  private static let sameLetters = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu",
    "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "chi", "psi", "omega", "Gamma",
    "Delta", "Theta", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
  ]

  private static func greek(_ name: String) -> String {
    let small = [
      "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
      "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "final sigma", "sigma", "tau",
      "upsilon", "phi", "chi", "psi", "omega",
    ]
    let isCapital = name.first?.isUppercase == true
    guard let place = small.firstIndex(of: name.lowercased()),
      let scalar = Unicode.Scalar((isCapital ? 0x391 : 0x3B1) + UInt32(place))
    else { return name }
    return String(Character(scalar))
  }

  private static let negations: [String: Character] = [
    "=": "≠", "∈": "∉", "≤": "≰", "≥": "≱", "<": "≮", ">": "≯", "≡": "≢", "⊂": "⊄", "⊆": "⊈",
    "≈": "≉", "∼": "≁", "∃": "∄", "|": "∤", "∥": "∦",
  ]

  private static let blackboardExceptions: [Character: String] = [
    "C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ", "1": "𝟙",
  ]

  private static let scriptExceptions: [Character: String] = [
    "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ",
  ]
}
