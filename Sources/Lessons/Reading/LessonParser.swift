extension Lesson {
  /// Reads a lesson.
  ///
  /// Line ends of any system and a byte order mark are fine.
  ///
  /// - Parameters:
  ///   - text: the content of the file.
  ///   - file: its name, as messages should show it.
  /// - Throws: `UnreadableLesson` with all that is wrong, in the order of lines.
  public init(parsing text: String, file: String) throws(UnreadableLesson) {
    var parser = LessonParser(SourceText(text))
    let (frontMatter, steps) = parser.parse()
    guard parser.errors.isEmpty else {
      throw UnreadableLesson(file: file, errors: parser.errors.sorted { $0.line < $1.line })
    }
    self.init(file: file, frontMatter: frontMatter, steps: steps)
  }

  /// Reads the answers of a transcript or submission, and nothing else of it.
  ///
  /// Learners edit these files: what is no lesson any more still holds answers. Fences that cannot
  /// be read are left out, and so is everything around them.
  ///
  /// - Parameter text: the content of the file.
  /// - Returns: the answers in their order; the last one to an id is the one that counts.
  public static func answers(in text: String) -> [Answer] {
    let source = SourceText(text)
    return MarkdownDocument(source).blocks.compactMap { placed in
      guard case .code(_, let content) = placed.block, placed.isFenced,
        let header = try? FenceHeader(Fence(placed, in: source).info),
        case .answer(let id, let isCode) = header
      else { return nil }
      return Answer(
        id: id, content: Code(text: content, line: placed.line + 1), isCode: isCode,
        line: placed.line)
    }
  }
}

/// The fence of a code block, read from its line in the file: the Markdown library would have
/// replaced entities and escapes in it.
struct Fence {
  /// What follows the backticks or tildes.
  let info: String
  /// Whether a closing fence was there.
  let isClosed: Bool
  /// The line after the last line of content.
  let contentEnd: Int

  init(_ placed: MarkdownDocument.Placed, in source: SourceText) {
    let first = source.lines[min(placed.line, source.lines.count) - 1].trimmed
    let sign = first.first ?? "`"
    let width = first.prefix { $0 == sign }.count
    info = String(first.dropFirst(width)).trimmed
    // Blank lines between two blocks belong to neither.
    var last = max(placed.line, min(placed.end, source.lines.count + 1) - 1)
    while last > placed.line, source.lines[last - 1].isBlank { last -= 1 }
    let closing = source.lines[last - 1].trimmed
    isClosed = last > placed.line && closing.count >= width && closing.allSatisfy { $0 == sign }
    contentEnd = isClosed ? last : last + 1
  }
}

/// Makes steps of the blocks of a Markdown file.
private struct LessonParser {
  private let source: SourceText
  private(set) var errors: [LessonError] = []

  private var steps: [Step] = []
  private var ids: [String: Int] = [:]
  private var cellCount = 0
  private var exercises = ExerciseCollector()
  private var answers: [Answer] = []
  private var prose: (blocks: [MarkdownBlock], line: Int, end: Int)?

  init(_ source: SourceText) { self.source = source }

  mutating func parse() -> (FrontMatter, [Step]) {
    var reader = FrontMatterReader()
    let frontMatter = reader.read(source)
    errors += reader.errors
    // Front matter becomes blank lines, so that line numbers stay those of the file.
    let head = min(reader.bodyStart - 1, source.lines.count)
    let body = Array(repeating: "", count: head) + source.lines.dropFirst(head)
    let document = MarkdownDocument(SourceText(lines: body))
    for fence in document.nestedFences where FenceHeader.isOfLesson(fence.info) {
      errors.append(LessonError(line: fence.line, .nestedFence(fence.info)))
    }
    for placed in document.blocks { read(placed) }
    endProse()
    finish()
    return (frontMatter, steps)
  }

  private mutating func refuse(_ line: Int, _ problem: LessonError.Problem) {
    errors.append(LessonError(line: line, problem))
  }

  private mutating func read(_ placed: MarkdownDocument.Placed) {
    switch placed.block {
    case .heading(level: 2, let inlines):
      endProse()
      startStep(placed, inlines)
    case .code(_, let content) where placed.isFenced:
      let fence = Fence(placed, in: source)
      if !fence.isClosed { refuse(placed.line, .unclosedFence) }
      do throws(LessonError.Problem) {
        let header = try FenceHeader(fence.info)
        if header == .foreign { return addProse(placed) }
        endProse()
        add(header, Code(text: content, line: placed.line + 1), placed, fence)
      } catch {
        endProse()
        refuse(placed.line, error)
      }
    case .paragraph, .heading, .list, .quote, .code, .table, .mathematics, .rule, .html:
      addProse(placed)
    }
  }
}

// MARK: - Steps and prose

extension LessonParser {
  private mutating func startStep(
    _ placed: MarkdownDocument.Placed, _ inlines: [MarkdownInline]
  ) {
    let written = source.lines[placed.line - 1].trimmed
    var title = written.drop { $0 == "#" }.description.trimmed
    while title.last == "#" { title.removeLast() }
    title = title.trimmed
    var id: String?
    if title.hasSuffix("}"), let start = title.lastRange(of: "{#") {
      id = String(title[start.upperBound...].dropLast())
      title = String(title[..<start.lowerBound]).trimmed
    }
    let slug = Self.slug(id == nil ? inlines.plainText : "")
    if let id, !id.isIdentifier { refuse(placed.line, .malformedID(id)) }
    if id == nil, slug.isEmpty { refuse(placed.line, .headingWithoutID(title)) }
    steps.append(Step(title: title, id: id ?? slug, line: placed.line, blocks: []))
    claim(id ?? slug, line: placed.line)
  }

  /// Takes an id, or says who has it.
  private mutating func claim(_ id: String, line: Int) {
    guard !id.isEmpty else { return }
    if let first = ids[id] {
      refuse(line, .duplicateID(id, firstLine: first))
    } else {
      ids[id] = line
    }
  }

  private static func slug(_ title: String) -> String {
    var slug = ""
    for character in title.lowercased() {
      let isKept = String(character).isIdentifier && character != "-"
      if isKept {
        slug.append(character)
      } else if !slug.isEmpty, slug.last != "-", character != "'", character != "’" {
        slug.append("-")
      }
    }
    while slug.last == "-" { slug.removeLast() }
    return slug
  }

  private mutating func addProse(_ placed: MarkdownDocument.Placed) {
    if prose == nil { prose = ([], placed.line, placed.end) }
    prose?.blocks.append(placed.block)
    prose?.end = placed.end
  }

  private mutating func endProse() {
    guard let (blocks, line, end) = prose else { return }
    prose = nil
    let text = source.text(line..<end)
    append(.prose(Prose(source: text, markdown: Markdown(blocks), line: line)))
  }

  private mutating func append(_ block: Block) {
    if steps.isEmpty {
      steps.append(Step(title: "Introduction", id: "introduction", line: block.line, blocks: []))
      claim("introduction", line: block.line)
    }
    steps[steps.count - 1].blocks.append(block)
  }
}

// MARK: - Fences

extension LessonParser {
  private mutating func add(
    _ header: FenceHeader, _ code: Code, _ placed: MarkdownDocument.Placed, _ fence: Fence
  ) {
    let line = placed.line
    switch header {
    case .foreign: break
    case .cell(let isHidden):
      cellCount += 1
      append(.cell(Cell(code: code, isHidden: isHidden, number: cellCount, line: line)))
    case .output(let tolerance):
      attach(
        ExpectedOutput(
          text: code.text, tolerance: tolerance, line: line,
          contentLines: code.line..<max(code.line, fence.contentEnd)))
    case .quiz(let id): append(.quiz(quiz(code, id, line, isPrediction: false)))
    case .predict(let id): append(.predict(quiz(code, id, line, isPrediction: true)))
    case .exercise(let id):
      claim(id, line: line)
      let empty = Code(text: "", line: line)
      append(
        .exercise(
          Exercise(
            id: id, code: code, hints: [], check: empty, solution: empty, wrongs: [], line: line)))
      exercises.begin(id)
    case .hint(let id), .check(let id), .solution(let id), .wrong(let id, _):
      if code.text.isBlank { refuse(line, .emptyBlock(fence.info.firstWords)) }
      if let problem = exercises.add(header, code, to: id, line: line) { refuse(line, problem) }
    case .answer(let id, let isCode):
      let answer = Answer(id: id, content: code, isCode: isCode, line: line)
      answers.append(answer)
      append(.answer(answer))
    }
  }

  private mutating func quiz(
    _ code: Code, _ id: String, _ line: Int, isPrediction: Bool
  ) -> Quiz {
    claim(id, line: line)
    var parser = QuizParser()
    let quiz = parser.parse(code, id: id, line: line, isPrediction: isPrediction)
    errors += parser.errors
    return quiz
  }

  /// Gives an output to the last cell of the step.
  private mutating func attach(_ output: ExpectedOutput) {
    guard let step = steps.indices.last else {
      return refuse(output.line, .outputWithoutCell)
    }
    for (index, block) in steps[step].blocks.enumerated().reversed() {
      switch block {
      case .prose: continue
      case .cell(var cell):
        if let first = cell.output {
          return refuse(output.line, .secondOutput(firstLine: first.line))
        }
        cell.output = output
        steps[step].blocks[index] = .cell(cell)
        return
      case .predict, .quiz, .exercise, .answer:
        return refuse(output.line, .outputWithoutCell)
      }
    }
    refuse(output.line, .outputWithoutCell)
  }

  /// Puts exercises together and looks at what only the whole file can tell.
  private mutating func finish() {
    for step in steps.indices {
      for (index, block) in steps[step].blocks.enumerated() {
        switch block {
        case .exercise(let exercise):
          let (complete, problems) = exercises.completed(exercise)
          for problem in problems { refuse(exercise.line, problem) }
          steps[step].blocks[index] = .exercise(complete)
        case .predict(let quiz) where steps[step].cellPredicted(at: index) == nil:
          refuse(quiz.line, .predictionWithoutCell(quiz.id))
        case .prose, .cell, .predict, .quiz, .answer: continue
        }
      }
    }
    let stepIDs = Set(steps.map(\.id))
    let answerable = ids.keys.filter { !stepIDs.contains($0) }
    for answer in answers where !answerable.contains(answer.id) {
      let closest = Spelling.closest(to: answer.id, among: answerable)
      refuse(answer.line, .answerToNothing(id: answer.id, closest: closest))
    }
  }
}

extension String {
  /// The first two words, which name a block: `mlr check`.
  fileprivate var firstWords: String {
    let words = split(separator: " ")
    return words.prefix(words.first == "mlr" ? 2 : 1).joined(separator: " ")
  }

  fileprivate func lastRange(of text: String) -> Range<Index>? { ranges(of: text).last }
}
