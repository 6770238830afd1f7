import Cards
import Interpreter
import Testing

/// What the scripts must have exercised between them: every builtin, every production of the grammar.
@Suite struct ScriptCoverageTests {
  @Test(arguments: BuiltinCatalog.all.map(\.card))
  func builtinHasAScriptThatCallsIt(_ card: Card) {
    #expect(
      Script.called.contains(Substring(card.name)),
      "No script calls \(card.name): write Scripts/builtins/…/\(card.name).mlr.")
  }

  /// A script named after a builtin shows its values and ends with a mistake.
  @Test(arguments: Script.all.filter { $0.description.hasPrefix("builtins/") })
  func builtinScriptShowsWhatItIsNamedAfter(_ script: Script) throws {
    let names = Set(BuiltinCatalog.all.map(\.card.name))
    let file = try #require(script.description.split(separator: "/").last?.dropLast(4))
    let words = file.split(separator: "_")
    let name = (1...words.count).map { words.prefix($0).joined(separator: "_") }
      .last { names.contains($0) }
    let used = try #require(name, "\(file) begins with no builtin's name")
    #expect(script.program.contains(used))
    let expectations = Script.Expectations(in: try script.text())
    if used == file, used != "read_csv" { #expect(!expectations.output.isEmpty) }
    #expect(expectations.error != nil || !expectations.output.isEmpty)
  }

  @Test(arguments: Production.all)
  func productionIsCoveredByAScript(_ production: Production) {
    #expect(
      Script.all.contains { $0.covers.contains(production.name) },
      "No script says it covers \(production.name): \(production.rule)")
  }

  /// What a script claims to cover is a production, and the script holds what that is known by.
  @Test(arguments: Script.all.filter { !$0.covers.isEmpty })
  func scriptHoldsWhatItCovers(_ script: Script) throws {
    for name in script.covers {
      let production = Production.all.first { $0.name == name }
      let sign = try #require(production?.sign, "\(name) is no production")
      #expect(script.program.contains(try Regex(sign)), "\(name): nothing matches \(sign)")
    }
  }

  @Test func productionsHaveNamesOfTheirOwn() {
    #expect(Set(Production.all.map(\.name)).count == Production.all.count)
  }
}

extension Script {
  /// The productions that its first comment names: `# covers: lambda, choice`.
  var covers: [String] {
    guard let text = try? text(), let mark = text.firstRange(of: "# covers: ") else { return [] }
    return text[mark.upperBound...].prefix { !$0.isNewline }.split(separator: ",").map { word in
      String(word.drop { $0 == " " })
    }
  }

  /// The names before an opening parenthesis in any script, those after a point not counted.
  static let called: Set<Substring> = {
    var names: Set<Substring> = []
    for script in all {
      let parts = script.program.split(separator: "(", omittingEmptySubsequences: false)
      for part in parts.dropLast() {
        let name = part.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard part.dropLast(name.count).last != "." else { continue }
        names.insert(part.suffix(name.count))
      }
    }
    return names
  }()

  /// The text without the comments that say what is expected.
  var program: String {
    guard let text = try? text() else { return "" }
    return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
      ["# expect:", "# error:", "# covers:"].reduce(line) { line, word in
        line.firstRange(of: word).map { line[..<$0.lowerBound] } ?? line
      }
    }.joined(separator: "\n")
  }
}

/// A production of the grammar, or one of its alternatives.
struct Production: CustomTestStringConvertible, Sendable {
  let name: String
  /// How the grammar writes it.
  let rule: String
  /// A pattern that a program which uses it matches.
  let sign: String

  var testDescription: String { name }

  init(_ name: String, _ rule: String, _ sign: String) {
    (self.name, self.rule, self.sign) = (name, rule, sign)
  }

  static let all: [Production] =
    statements + assignments + derivations + expressions + operators + brackets + atoms + lines

  private static let statements = [
    Production("program.newline", "{ statement | NEWLINE }", #"\S\n\S"#),
    Production("program.semicolon", "{ statement | \";\" }", #"\S; *\S"#),
    Production("block", "\"{\" program \"}\"", #"\{[^}]+\}"#),
    Production("block.empty", "\"{\" \"}\"", #"\{ *\}"#),
    Production("block.on_one_line", "statements after a block's }", #"\} \w"#),
    Production("return", "\"return\" expression", #"return \S"#),
    Production("return.list", "\"return\" expressions", #"return \w+, \S"#),
    Production("return.nothing", "\"return\"", #"return *[\n;}]"#),
    Production("break", "\"break\"", #"\bbreak\b"#),
    Production("continue", "\"continue\"", #"\bcontinue\b"#),
    Production("nonlocal", "\"nonlocal\" NAME", #"nonlocal \w+"#),
    Production("nonlocal.several", "\"nonlocal\" NAME \",\" NAME", #"nonlocal \w+, \w+"#),
    Production("check", "\"check\" expression", #"(?m)^check \S"#),
    Production("check.message", "\"check\" … \",\" expression", #"check .*, \""#),
    Production("check.tol", "\"check\" … \"tol\" \"=\" expression", #"check .*, tol="#),
    Production("check.chain", "\"check\" comparison of several links", #"check .* < .* < "#),
    Production("def.block", "\"def\" NAME \"(\" params \")\" block", #"def \w+\([^\n]*\) \{"#),
    Production("def.expression", "\"def\" NAME \"(\" params \")\" \"=\"", #"def \w+\(\w*\) = "#),
    Production("def.no_parameters", "\"def\" NAME \"(\" \")\"", #"def \w+\(\)"#),
    Production("params.default", "NAME \"=\" expression", #"def \w+\(.*\w=\w"#),
    Production("params.trailing_comma", "params \",\"", #"def \w+\(.*,\) "#),
    Production("if", "\"if\" expression block", #"if .* \{"#),
    Production("if.else", "\"else\" block", #"else \{"#),
    Production("if.else_if", "\"else\" \"if\" expression block", #"else if .* \{"#),
    Production("for", "\"for\" targets \"in\" expression block", #"for \w+ in .* \{"#),
    Production("for.targets", "target \",\" target", #"for \w+, \w+ in"#),
    Production("for.nested_targets", "\"(\" targets \")\"", #"for \w+, \(\w+, \w+\) in"#),
    Production("for.brackets", "\"[\" targets \"]\"", #"for \[\w+, \w+\] in"#),
    Production("while", "\"while\" expression block", #"while .* \{"#),
  ]

  private static let assignments = [
    Production("assignment", "targets \"=\" expressions", #"(?m)^\w+ = "#),
    Production("assignment.chained", "targets \"=\" targets \"=\"", #"(?m)^\w+ = \w+ = "#),
    Production("assignment.list", "target \",\" target \"=\"", #"(?m)^\w+, \w+ = "#),
    Production("assignment.trailing_comma", "target \",\" \"=\"", #"(?m)^\w+, = "#),
    Production("expressions.list", "expression \",\" expression", #"= \d, \d"#),
    Production("target.field", "NAME \".\" NAME", #"(?m)^\w+\.\w+ = "#),
    Production("target.index", "NAME \"[\" items \"]\"", #"(?m)^\w+[\w.]*\[.*\] .?= "#),
    Production("target.parentheses", "\"(\" targets \")\" \"=\"", #"(?m)^\(\w+, \w+\) = "#),
    Production("target.brackets", "\"[\" targets \"]\" \"=\"", #"(?m)^\[\w+, \w+\] = "#),
    Production("augmented.add", "target \"+=\"", #"\w \+= "#),
    Production("augmented.subtract", "target \"-=\"", #"\w -= "#),
    Production("augmented.multiply", "target \"*=\"", #"\w \*= "#),
    Production("augmented.divide", "target \"/=\"", #"\w /= "#),
    Production("augmented.floor_divide", "target \"//=\"", #"\w //= "#),
    Production("augmented.remainder", "target \"%=\"", #"\w %= "#),
    Production("augmented.power", "target \"^=\"", #"\w \^= "#),
    Production("augmented.matrix_product", "target \"@=\"", #"\w @= "#),
  ]

  private static let derivations = [
    Production("derive", "\"derive\" STRING … \"{\" chain \"}\"", #"derive \"[^\"]*\".*\{"#),
    Production("refute", "\"refute\" STRING … \"{\" chain \"}\"", #"refute \"[^\"]*\".*\{"#),
    Production("derive.draws", "draw \",\" draw", #"derive .* for .* in .*, \w+ in "#),
    Production("derive.definitions", "NAME \"=\" expression SEP", #"derive .*\{\n *\w+ = .*;"#),
    Production("derive.because", "\"because\" STRING", #"because \""#),
    Production("derive.equal", "\"==\" range", #"\n *== "#),
    Production("derive.at_most", "\"<=\" range", #"\n *<= "#),
    Production("derive.at_least", "\">=\" range", #"\n *>= "#),
    Production("derive.less", "\"<\" range", #"\n *< "#),
    Production("derive.greater", "\">\" range", #"\n *> "#),
    Production("derive.up_to_constants", "\"≐\" range", #"\n *≐ "#),
    Production("derive.up_to_constants_ascii", "\"=c\" range", #"\n *=c "#),
    Production("derive.at_most_sign", "\"≤\" range", #"\n *≤ "#),
    Production("derive.at_least_sign", "\"≥\" range", #"\n *≥ "#),
  ]

  private static let expressions = [
    Production("lambda.name", "NAME \"->\" expression", #"= \w+ -> \w"#),
    Production("lambda.parameters", "\"(\" params \")\" \"->\"", #"\(\w+, .*\) [-→]"#),
    Production("lambda.default", "NAME \"=\" expression … \"->\"", #"\(.*\w=\d.*\) ->"#),
    Production("lambda.block", "\"->\" block", #"-> \{"#),
    Production("lambda.no_parameters", "\"(\" \")\" \"->\"", #"\(\) ->"#),
    Production("pipe.name", "choice \"|>\" NAME", #"\|> \w+\)"#),
    Production("pipe.call", "choice \"|>\" call", #"\|> \w+\(\d"#),
    Production("pipe.keyword", "choice \"|>\" call by name", #"\|> \w+\(\w+="#),
    Production("pipe.group", "choice \"|>\" \"(\" expression \")\"", #"\|> \("#),
    Production("pipe.lambda", "choice \"|>\" lambda", #"\|> \w+ ->"#),
    Production("choice", "or \"if\" or \"else\" choice", #"\w if \w+ else \w"#),
    Production("choice.nested", "… \"else\" or \"if\" …", #"else \w+ if \w+ else"#),
    Production("choice.lambda", "… \"else\" lambda", #"else \w+ ->"#),
    Production("or", "and \"or\" and", #"\w or \w"#),
    Production("or.bar", "and \"|\" and", #"\w \| \w"#),
    Production("and", "not \"and\" not", #"\w and \w"#),
    Production("and.ampersand", "not \"&\" not", #"\w & \w"#),
    Production("not", "\"not\" not", #"not \w"#),
    Production("range", "sum \":\" sum", #"\d:\d"#),
    Production("range.step", "sum \":\" sum \":\" sum", #"\d:\d+:-?\d"#),
    Production("range.parentheses", "\"(\" range \")\"", #"\(\d:\d\)"#),
  ]

  private static let operators = [
    Production("equal", "range \"==\" range", #" == "#),
    Production("not_equal", "range \"!=\" range", #" != "#),
    Production("less", "range \"<\" range", #" < "#),
    Production("at_most", "range \"<=\" range", #" <= "#),
    Production("greater", "range \">\" range", #" > "#),
    Production("at_least", "range \">=\" range", #" >= "#),
    Production("close", "range \"≈\" range", #" ≈ "#),
    Production("close_ascii", "range \"~=\" range", #" ~= "#),
    Production("in", "range \"in\" range", #"\d in \["#),
    Production("not_in", "range \"not\" \"in\" range", #" not in "#),
    Production("chain", "range \"<\" range \"<\" range", #"\d < \d [<>] \d"#),
    Production("at_most_sign", "≤ for <=", " ≤ "),
    Production("at_least_sign", "≥ for >=", " ≥ "),
    Production("not_equal_sign", "≠ for !=", " ≠ "),
    Production("add", "product \"+\" product", #"\d \+ \d"#),
    Production("subtract", "product \"-\" product", #"\d - \d"#),
    Production("multiply", "unary \"*\" unary", #"\d \* \d"#),
    Production("divide", "unary \"/\" unary", #"\d / \d"#),
    Production("floor_divide", "unary \"//\" unary", #"\d // \d"#),
    Production("remainder", "unary \"%\" unary", #"\d % \d"#),
    Production("matrix_product", "unary \"@\" unary", #"\] @ \["#),
    Production("negate", "\"-\" unary", #"[(,] *-\d"#),
    Production("plus", "\"+\" unary", #"[(,] *\+\d"#),
    Production("power", "postfix \"^\" unary", #"\d\^\d"#),
    Production("power_stars", "postfix \"**\" unary", #"\d\*\*\d"#),
    Production("power.signed", "postfix \"^\" \"-\" unary", #"\d\^-\d"#),
    Production("multiply_dot", "· for *", #"\d · \d"#),
    Production("multiply_cross", "× for *", #"\d × \d"#),
    Production("subtract_sign", "− for -", #"\d − \d"#),
  ]

  private static let brackets = [
    Production("call", "postfix \"(\" args \")\"", #"\w\(\w"#),
    Production("call.keyword", "NAME \"=\" expression", #"\w\(.*\w=\w"#),
    Production("call.trailing_comma", "args \",\"", #"\w\([^()]*,\)"#),
    Production("generator", "expression loop", #"\w\(\w+ for \w+ in"#),
    Production("generator.among_arguments", "… loop \")\"", #"\w\(\"[^\"]*\" for \w+ in"#),
    Production("field", "postfix \".\" NAME", #"[\w)\]]\.[a-z]"#),
    Production("index", "postfix \"[\" items \"]\"", #"\w\[\d"#),
    Production("index.several", "item \",\" item", #"\w\[\d, \d"#),
    Production("index.trailing_comma", "items \",\"", #"\w\[[^\]]*,\]"#),
    Production("index.expression", "expression as an item", #"\w\[.* if .* else "#),
    Production("slice", "sum \":\" sum", #"\[[^\]]*\d:\d"#),
    Production("slice.step", "\":\" \":\" sum", #"\[[^\]]*::-?\d"#),
    Production("slice.open", "\":\"", #"\[:,"#),
    Production("slice.none", "\":\" none", #":None"#),
    Production("ellipsis", "\"...\"", #"\[\.\.\."#),
    Production("newaxis", "none as an item", #"\[[^\]]*None\]"#),
    Production("comprehension", "\"[\" expression loop \"]\"", #"\[\S+ for \w+ in"#),
    Production("comprehension.several", "loop of two for", #"for \w+ in \S+ for \w+ in"#),
    Production("comprehension.if", "\"if\" or", #"for \w+ in \S+ if .* if "#),
    Production("comprehension.targets", "targets \"in\"", #"for \w+, \w+ in"#),
  ]

  private static let atoms = [
    Production("number", "NUMBER", #"\b\d+\b"#),
    Production("number.point", "1.5", #"\d\.\d"#),
    Production("number.leading_point", ".5", #"[ (]\.\d"#),
    Production("number.trailing_point", "1.", #"\d\.,"#),
    Production("number.exponent", "1e-3", #"\d[eE][-+]?\d"#),
    Production("number.underscores", "1_000", #"\d_\d"#),
    Production("constants", "pi e inf nan", #"\bpi\b.*\binf\b.*\bnan\b"#),
    Production("string", "STRING", #"\"\w+\""#),
    Production("string.interpolation", "{expression}", #"\"[^\"]*\{\w+\}"#),
    Production("string.format", "{expression:format}", #"\{[^\"{}]*:\.\d\w\}"#),
    Production("string.escapes", #"\t \" \\ \{ \} \u{…}"#, #"\\t.*\\\{.*\\u\{"#),
    Production("string.long", #""""…""""#, #"\"\"\"\n"#),
    Production("true", "\"true\"", #"\btrue\b"#),
    Production("false", "\"false\"", #"\bfalse\b"#),
    Production("none", "\"none\"", #"\bnone\b"#),
    Production("name", "NAME", #"\b[a-z]+\b"#),
    Production("group", "\"(\" expression \")\"", #"[^\w]\(\d[^,()]*\)"#),
    Production("tuple", "\"(\" expression \",\" expressions \")\"", #"[^\w]\(\d, \d\)"#),
    Production("tuple.trailing_comma", "\"(\" expression \",\" \")\"", #"[^\w]\(\d,\)"#),
    Production("list", "\"[\" expressions \"]\"", #"\[\d, \d"#),
    Production("list.empty", "\"[\" \"]\"", #"\[\]"#),
    Production("list.trailing_comma", "\"[\" expressions \",\" \"]\"", #"\[[^\]]*,\]"#),
  ]

  private static let lines = [
    Production("newline.statement", "a line that starts with ( [ or -", #"\n[\[(-]"#),
    Production("newline.brackets", "ignored inside ( ) and [ ]", #"\[\n"#),
    Production("newline.operator", "ignored after an operator", #"[+] *\n"#),
    Production("newline.header", "ignored before { of a header", #"(?m)^if .*\n\{"#),
    Production("newline.else", "ignored before else after a block", #"\}\s*\nelse"#),
    Production("newline.pipe", "ignored before |>", #"\n *\|>"#),
    Production("newline.field", "ignored after .", #"\w\.\n"#),
  ]
}
