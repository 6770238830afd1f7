import Yams

/// The keys of a lesson's front matter.
enum FrontMatterKey: String, CaseIterable {
  case title, summary, paper, minutes, needs, goals, seed
}

/// Reads the YAML between the `---` lines at the top of a lesson.
struct FrontMatterReader {
  /// Everything that was wrong with it.
  private(set) var errors: [LessonError] = []
  /// The first line of the lesson proper.
  private(set) var bodyStart = 1

  private var values = FrontMatter(
    title: "", summary: "", paper: "", minutes: nil, needs: [], goals: [], seed: nil)

  /// More than any lesson has to say; YAML of any size and depth would be parsed recursively.
  private static let mostLines = 200
  private static let deepestBrackets = 20

  /// Reads the front matter of a file, as far as there is any.
  mutating func read(_ source: SourceText) -> FrontMatter {
    guard source.lines.first?.withoutTrailingBlanks == "---" else {
      errors.append(LessonError(line: 1, .noFrontMatter))
      return values
    }
    let end = source.lines.dropFirst().prefix(Self.mostLines).firstIndex {
      ["---", "..."].contains($0.withoutTrailingBlanks)
    }
    guard let end else {
      errors.append(LessonError(line: 1, .unclosedFrontMatter))
      bodyStart = source.lines.count + 1
      return values
    }
    bodyStart = end + 2
    read(yaml: source.lines[1..<end].joined(separator: "\n"))
    return values
  }

  private mutating func read(yaml: String) {
    guard Self.brackets(in: yaml) <= Self.deepestBrackets else {
      errors.append(LessonError(line: 2, .brokenYAML("brackets nested too deep")))
      return
    }
    do {
      guard let node = try Yams.compose(yaml: yaml) else {
        errors.append(LessonError(line: 1, .missingKey(FrontMatterKey.title.rawValue)))
        return
      }
      guard case .mapping(let mapping) = node else {
        errors.append(LessonError(line: Self.line(of: node), .frontMatterIsNoMapping))
        return
      }
      read(mapping)
    } catch let error as YamlError {
      errors.append(Self.error(error))
    } catch {
      errors.append(LessonError(line: 1, .brokenYAML("it could not be read")))
    }
  }

  private mutating func read(_ mapping: Node.Mapping) {
    for (name, value) in mapping {
      let text = name.scalar?.string ?? ""
      if let key = FrontMatterKey(rawValue: text) {
        read(value, as: key)
      } else {
        let closest = Spelling.closest(to: text, among: FrontMatterKey.allCases.map(\.rawValue))
        errors.append(LessonError(line: Self.line(of: name), .unknownKey(text, closest: closest)))
      }
    }
    let isTitleWrong = errors.contains {
      if case .wrongValue(key: "title", _) = $0.problem { true } else { false }
    }
    if values.title.isBlank, !isTitleWrong {
      errors.append(LessonError(line: 1, .missingKey(FrontMatterKey.title.rawValue)))
    }
  }

  private mutating func read(_ value: Node, as key: FrontMatterKey) {
    switch key {
    case .title: values.title = text(value, key)
    case .summary: values.summary = text(value, key)
    case .paper: values.paper = text(value, key)
    case .minutes:
      values.minutes = number(value, key, "a whole number of minutes, at least 1") {
        Int($0).flatMap { $0 > 0 ? $0 : nil }
      }
    case .seed: values.seed = number(value, key, "a whole number, not negative") { UInt64($0) }
    case .needs: values.needs = list(value, key, "a list of lessons, such as [01, 02]")
    case .goals: values.goals = list(value, key, "a list of texts, each on a line after `- `")
    }
  }

  private mutating func text(_ value: Node, _ key: FrontMatterKey) -> String {
    guard let text = value.scalar?.string else {
      refuse(value, key, "a text")
      return ""
    }
    return text.printable.trimmed
  }

  private mutating func number<Number>(
    _ value: Node, _ key: FrontMatterKey, _ wanted: String, _ convert: (String) -> Number?
  ) -> Number? {
    let number = value.scalar.flatMap { convert($0.string) }
    if number == nil { refuse(value, key, wanted) }
    return number
  }

  private mutating func list(_ value: Node, _ key: FrontMatterKey, _ wanted: String) -> [String] {
    let texts = value.sequence?.map { $0.scalar?.string.printable.trimmed ?? "" } ?? [""]
    guard texts.allSatisfy({ !$0.isEmpty }) else {
      refuse(value, key, wanted)
      return []
    }
    return texts
  }

  private mutating func refuse(_ value: Node, _ key: FrontMatterKey, _ wanted: String) {
    errors.append(
      LessonError(line: Self.line(of: value), .wrongValue(key: key.rawValue, wanted: wanted)))
  }

  /// Lines of the YAML start at the second line of the file.
  private static func line(of node: Node) -> Int { (node.mark?.line ?? 0) + 1 }

  private static func brackets(in yaml: String) -> Int {
    var depth = 0
    var deepest = 0
    for character in yaml {
      if character == "[" || character == "{" { depth += 1 }
      if character == "]" || character == "}" { depth -= 1 }
      deepest = max(deepest, depth)
    }
    return deepest
  }

  private static func error(_ error: YamlError) -> LessonError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      LessonError(line: mark.line + 1, .brokenYAML(problem))
    case .duplicatedKeysInMapping(let keys, let context):
      LessonError(
        line: context.mark.line + 1,
        .brokenYAML("the key `" + keys.joined(separator: "`, `") + "` is there twice"))
    case .reader(let problem, _, _, _): LessonError(line: 1, .brokenYAML(problem))
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      LessonError(line: 1, .brokenYAML("it could not be read"))
    }
  }
}
