import Interpreter
import Lessons
import Shell
import Terminal

/// A lesson with a learner at the terminal: reads, waits, asks, judges, and remembers how far it got.
final class LessonConversation {
  private let runner: LessonRunner
  private let renderer: ReplyRenderer
  private let text: LessonText
  private let editor: LineEditor
  private let shell: Shell
  private var progress: Progress?
  private var step = 0

  /// What the learner wants next.
  private enum Wish {
    case goOn, back, leave, stay
    case step(Int)
  }

  init(_ runner: LessonRunner, renderer: ReplyRenderer, isFresh: Bool) {
    self.runner = runner
    self.renderer = renderer
    text = LessonText(renderer)
    let session = runner.session
    shell = Shell(
      renderer: renderer, makeSession: { session }, write: Streams.out,
      writeError: Streams.error)
    editor = LineEditor(historyPath: StateFolder.path(of: "history")) { line, word in
      Completion.words(line: line, word: word, names: [])
    }
    let file = runner.lesson.file
    let name = (file.split(separator: "/").last.map(String.init) ?? file).dropLast(3)
    progress = Progress(of: String(name))
    if isFresh { progress?.steps = 0 }
  }

  func run() {
    let steps = runner.lesson.steps
    Streams.out(text.opening(runner.lesson) + "\n")
    Streams.out(
      text.dim(
        "Enter goes on and runs the code shown. You may type any code of your own at the prompt.\n"
          + ":hint :solution :skip :back :goto N :quit") + "\n\n")
    resume(count: steps.count)
    while step < steps.count {
      switch play(steps[step], of: steps.count) {
      case .goOn: step += 1
      case .back: step = max(0, step - 1)
      case .stay: break
      case .step(let number):
        let target = max(0, min(steps.count - 1, number - 1))
        if target > step { runQuietly(steps[step..<target]) }
        step = target
      case .leave:
        Streams.out("\nYou are at step \(step + 1) of \(steps.count); it is kept for you.\n")
        return
      }
      progress?.steps = step
      progress?.save()
    }
    Streams.out("\nThe lesson is done.\n")
  }

  /// Goes back to where the learner stopped, with the variables of the steps before.
  private func resume(count: Int) {
    guard let kept = progress?.steps, kept > 0, kept < count else { return }
    Streams.out("You stopped at step \(kept + 1) of \(count). The steps before run quietly.\n\n")
    runQuietly(runner.lesson.steps.prefix(kept))
    step = kept
  }

  /// Runs steps for their variables alone.
  private func runQuietly(_ steps: ArraySlice<Step>) {
    runner.session.quietly {
      for block in steps.flatMap(\.blocks) {
        switch block {
        case .cell(let cell): _ = runner.run(cell)
        case .exercise(let exercise): _ = runner.solve(exercise)
        case .prose, .predict, .quiz, .answer: break
        }
      }
    }
  }

  private func play(_ step: Step, of count: Int) -> Wish {
    Streams.out("\n" + text.heading(step, number: self.step + 1, of: count) + "\n")
    for (index, block) in step.blocks.enumerated() {
      let wish: Wish
      switch block {
      case .prose(let prose):
        Streams.out(text.text(prose) + "\n")
        continue
      case .answer: continue
      case .cell(let cell): wish = play(cell)
      case .predict(let quiz): wish = predict(quiz, step.cellPredicted(at: index))
      case .quiz(let quiz): wish = ask(quiz)
      case .exercise(let exercise): wish = play(exercise)
      }
      guard case .goOn = wish else { return wish }
    }
    return pause(prompt: "next step> ")
  }

  // MARK: - Cells

  private var lastPrediction: (quiz: Quiz, answer: String)?

  private func play(_ cell: Lessons.Cell) -> Wish {
    if cell.isHidden {
      show(runner.run(cell), isHidden: true)
      return .goOn
    }
    Streams.out(text.code(cell.code))
    let wish = pause(prompt: "run> ")
    guard case .goOn = wish else { return wish }
    let reply = runner.run(cell)
    show(reply, isHidden: false)
    settlePrediction(reply)
    return .goOn
  }

  private func show(_ reply: Reply, isHidden: Bool) {
    if !isHidden, let shown = renderer.shown(reply) { Streams.out(shown + "\n") }
    if let diagnostic = reply.diagnostic {
      Streams.error(renderer.diagnostic(diagnostic) + "\n")
    }
    if !isHidden { Streams.out("\n") }
  }

  /// Waits for Enter; code typed meanwhile is explored, commands are obeyed.
  private func pause(prompt: String) -> Wish {
    while true {
      switch read(prompt) {
      case .end: return .leave
      case .interrupted: continue
      case .text(let typed):
        let line = typed.trimmed
        if line.isEmpty { return .goOn }
        if let wish = wish(for: line) {
          if case .stay = wish { continue }
          return wish
        }
        shell.submit(typed)
      }
    }
  }

  /// Reads a cell; an answer of several lines ends with an empty one.
  private func read(_ prompt: String, endsWithEmptyLine: Bool = false) -> LineEditor.Line {
    let line = REPL.cell(editor, prompt: prompt) { [shell] text in
      let isCommand = text.hasPrefix(":")
      return shell.isComplete(text) && (!endsWithEmptyLine || isCommand || text.hasSuffix("\n"))
    }
    if case .text(let cell) = line { editor.remember(cell) }
    return line
  }

  /// The commands that move through the lesson; nil for anything else.
  private func wish(for line: String) -> Wish? {
    let words = line.split(separator: " ")
    switch words.first {
    case ":next", ":n", ":skip": return .goOn
    case ":back", ":b": return .back
    case ":quit", ":q": return .leave
    case ":goto":
      guard words.count > 1, let number = Int(words[1]) else { return nil }
      return .step(number)
    case ":hint", ":solution", ":play":
      Streams.out("There is nothing to answer here; Enter goes on.\n")
      return .stay
    default: return nil
    }
  }

  // MARK: - Questions

  private func predict(_ quiz: Quiz, _ cell: Lessons.Cell?) -> Wish {
    Streams.out(text.question(quiz, isPrediction: true))
    if case .nextCell = quiz.answer {
      while true {
        guard case .text(let answer) = read("your prediction> ") else { return .leave }
        if let wish = wish(for: answer.trimmed) { return wish }
        if answer.trimmed.isEmpty { continue }
        let verdict = runner.judge(answer, to: quiz)
        if verdict.outcome == .unreadable {
          Streams.out(remarks(verdict, "A number, please."))
          continue
        }
        lastPrediction = (quiz, answer)
        return .goOn
      }
    }
    let wish = ask(quiz, isShown: true)
    return wish
  }

  /// After the cell ran: how near the prediction was.
  private func settlePrediction(_ reply: Reply) {
    guard let (quiz, answer) = lastPrediction else { return }
    lastPrediction = nil
    let verdict = runner.judge(answer, to: quiz, cellValue: reply.value.singleNumber)
    Streams.out(
      verdict.outcome == .right
        ? "Your prediction was right.\n" : remarks(verdict, "You predicted \(answer.trimmed)."))
    if let why = quiz.why { Streams.out(text.remark(why, mark: " ")) }
    Streams.out("\n")
  }

  private func ask(_ quiz: Quiz, isShown: Bool = false) -> Wish {
    if !isShown { Streams.out(text.question(quiz, isPrediction: false)) }
    Streams.out(text.dim("  " + quiz.instruction) + "\n")
    var hints = quiz.hints[...]
    while true {
      guard case .text(let typed) = read("your answer> ") else { return .leave }
      let answer = typed.trimmed
      switch answer {
      case "": continue
      case ":hint":
        Streams.out(hint(from: &hints, of: quiz.hints.count))
        continue
      case ":solution", ":skip":
        Streams.out(text.answer(quiz) + "\n")
        return .goOn
      default: break
      }
      if let wish = wish(for: answer) { return wish }
      let verdict = runner.judge(answer, to: quiz)
      switch verdict.outcome {
      case .right, .open:
        Streams.out(remarks(verdict, "Right."))
        if let why = quiz.why { Streams.out(text.remark(why, mark: " ")) }
        Streams.out("\n")
        return .goOn
      case .wrong: Streams.out(remarks(verdict, "Not yet. :hint helps, :solution tells."))
      case .unreadable: Streams.out(remarks(verdict, quiz.instruction))
      }
    }
  }

  private func remarks(_ verdict: Verdict, _ otherwise: String) -> String {
    var lines = verdict.feedback
    if let difference = verdict.difference { lines.append(difference.sentence) }
    if verdict.outcome != .right || lines.isEmpty { lines.append(otherwise) }
    return lines.map { text.remark($0, mark: " ") }.joined()
  }

  private func hint(from hints: inout ArraySlice<String>, of count: Int) -> String {
    guard let hint = hints.popFirst() else {
      return count == 0 ? "There are no hints here.\n" : "That was the last hint.\n"
    }
    return text.remark(hint, mark: "hint \(count - hints.count)/\(count):")
  }

  // MARK: - Exercises

  private func play(_ exercise: Exercise) -> Wish {
    Streams.out(text.label("Exercise"))
    Streams.out(text.code(exercise.code))
    Streams.out(
      text.dim("  Type your code; an empty line ends it. :hint :solution :skip :play") + "\n")
    var hints = exercise.hints[...]
    while true {
      guard case .text(let typed) = read("your code> ", endsWithEmptyLine: true) else {
        return .leave
      }
      switch typed.trimmed {
      case "": continue
      case ":hint":
        Streams.out(hint(from: &hints, of: exercise.hints.count))
        continue
      case ":play":
        play()
        continue
      case ":solution", ":skip":
        Streams.out(text.code(exercise.solution))
        let before = runner.session.snapshot()
        show(runner.solve(exercise), isHidden: false)
        let names = runner.session.changes(since: before).map(\.name)
        if !names.isEmpty {
          Streams.out("Skipped; it defined \(names.joined(separator: ", ")).\n\n")
        }
        return .goOn
      default: break
      }
      if let wish = wish(for: typed.trimmed) { return wish }
      let judgement = runner.judge(typed, for: exercise)
      show(judgement.reply, isHidden: false)
      if judgement.isRight {
        Streams.out("Right.\n\n")
        return .goOn
      }
      for line in judgement.feedback { Streams.out(text.remark(line, mark: " ")) }
      Streams.out(text.dim("  Not yet. :hint helps, :solution tells.") + "\n")
    }
  }

  /// A sandbox: whatever happens there is undone by `:resume`.
  private func play() {
    let before = runner.session.snapshot()
    Streams.out("A sandbox: nothing here counts. :resume comes back.\n")
    while case .text(let typed) = read("play> ") {
      if typed.trimmed == ":resume" { break }
      shell.submit(typed)
    }
    runner.session.restore(before)
  }
}
