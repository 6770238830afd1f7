import Testing

@testable import Lessons

@Suite struct LessonTests {
  private func lesson(_ body: String) throws -> Lesson {
    try Lesson(parsing: "---\ntitle: T\n---\n" + body, file: "t.md")
  }

  @Test func sampleHasItsFrontMatter() throws {
    let lesson = try Lesson(parsing: Sample.lesson.text(), file: "sample-lesson.md")
    #expect(
      lesson.frontMatter
        == FrontMatter(
          title: "What a loss value means",
          summary: "Three reference levels that turn a number into a diagnosis",
          paper: "Schroff 2015 (triplet); theory §8.5", minutes: 10, needs: ["01"],
          goals: [
            "say what a triplet loss equal to its margin means",
            "turn distances into similarities, and know when you may",
          ], seed: 7))
  }

  @Test func sampleHasItsSteps() throws {
    let lesson = try Lesson(parsing: Sample.lesson.text(), file: "sample-lesson.md")
    #expect(lesson.steps.map(\.id) == ["introduction", "collapse", "soft-margin", "distance"])
    #expect(
      lesson.steps.map(\.title) == [
        "Introduction", "Collapse", "Soft margin", "Distance or similarity?",
      ])
    #expect(lesson.steps.map(\.line) == [13, 15, 50, 83])
    #expect(
      lesson.steps.map { $0.blocks.map(\.name) } == [
        ["prose"], ["prose", "cell", "cell", "predict", "cell", "quiz"], ["prose", "exercise"],
        ["cell", "prose", "cell"],
      ])
    #expect(lesson.steps[1].blocks.map(\.line) == [17, 20, 24, 28, 34, 42])
  }

  @Test func sampleCellsKnowTheirPlaces() throws {
    let lesson = try Lesson(parsing: Sample.lesson.text(), file: "sample-lesson.md")
    let cells = lesson.steps.flatMap(\.blocks).compactMap(\.cell)
    #expect(cells.map(\.number) == [1, 2, 3, 4, 5])
    #expect(cells.map(\.isHidden) == [true, false, false, false, false])
    #expect(cells[0].code == Code(text: "m = 0.2", line: 21))
    #expect(cells[2].code == Code(text: "triplet(z, y, margin=m)", line: 35))
    #expect(
      cells[2].output
        == ExpectedOutput(text: "0.2", tolerance: nil, line: 38, contentLines: 39..<40))
    #expect(cells[3].code.text.hasPrefix("derive \"on the unit sphere"))
    #expect(cells[3].code.text.hasSuffix("\"\n}"))
    #expect(lesson.steps[1].cellPredicted(at: 3) == cells[2])
  }

  @Test func sampleQuestionsAreComplete() throws {
    let lesson = try Lesson(parsing: Sample.lesson.text(), file: "sample-lesson.md")
    let prediction = try #require(lesson.quiz("at-collapse"))
    #expect(prediction.question.hasPrefix("Every distance is 0"))
    #expect(prediction.answer == .nextCell(mistakes: []))
    #expect(prediction.hints == ["Put both distances into $[D_{ap}^2 - D_{an}^2 + m]_+$."])
    #expect(prediction.why?.hasPrefix("The hinge sees") == true)
    let quiz = try #require(lesson.quiz("gradient"))
    guard case .choices(let choices) = quiz.answer else {
      Issue.record("not choices: \(quiz.answer)")
      return
    }
    #expect(choices.map(\.text) == ["classmates together", "classes apart", "nowhere"])
    #expect(choices.map(\.isRight) == [false, false, true])
    #expect(
      choices[0].feedback == "They are together already, and so is everybody else.")
    #expect(quiz.hints.count == 1)
  }

  @Test func sampleExerciseIsComplete() throws {
    let lesson = try Lesson(parsing: Sample.lesson.text(), file: "sample-lesson.md")
    let exercise = try #require(lesson.exercise("soft"))
    #expect(
      exercise
        == Exercise(
          id: "soft",
          code: Code(text: "# Its value at collapse, with margin 0:\n____", line: 55),
          hints: [
            "$x = D_{ap}^2 - D_{an}^2 + 0$. What is $x$ here?", "The logarithm of two.",
          ],
          check: Code(text: "close(result, log(2), tol=1e-6)", line: 68),
          solution: Code(text: "log(1 + exp(0))", line: 72),
          wrongs: [
            .init(
              code: Code(text: "1 + exp(0)", line: 76),
              feedback: "That is the inside of the logarithm."),
            .init(
              code: Code(text: "0", line: 80),
              feedback: "That is the hinge; the soft margin never reaches 0."),
          ], line: 54))
  }

  @Test func lineEndsAndByteOrderMarksDoNotMatter() throws {
    let text = try Sample.lesson.text()
    let plain = try Lesson(parsing: text, file: "a")
    let windows = "\u{FEFF}" + text.replacing("\n", with: "\r\n")
    #expect(try Lesson(parsing: windows, file: "a") == plain)
  }

  @Test func otherLanguagesAreProse() throws {
    let lesson = try lesson("```python\nx\n```\n\n```\ny\n```\n\n```ml\nz\n```\n\n    mlr\n")
    #expect(lesson.steps[0].blocks.map(\.name) == ["prose"])
  }

  @Test func codeIsTakenAsItStands() throws {
    let code = "a = \"$x$ & `b`\"\n\n## no heading\n  # indented $y$"
    let lesson = try lesson("~~~mlr\n\(code)\n~~~\n")
    #expect(lesson.steps[0].blocks[0].cell?.code == Code(text: code, line: 5))
  }

  @Test func feedbackIsTakenAsItStands() throws {
    let lesson = try lesson(
      """
      ```mlr exercise e
      1
      ```
      ```mlr check e
      1
      ```
      ```mlr solution e
      1
      ```
      ```mlr wrong e "say \\"$a\\,b$ &amp; c\\""
      2
      ```
      """)
    #expect(lesson.exercise("e")?.wrongs[0].feedback == "say \"$a\\,b$ &amp; c\"")
  }

  @Test func outputsTakeTolerancesAndMayFollowProse() throws {
    let lesson = try lesson("```mlr\n1\n```\n\nIt says:\n\n```output tol=1e-2\n1.0\n\n```\n")
    let output = lesson.steps[0].blocks[0].cell?.output
    #expect(output?.tolerance == 1e-2)
    #expect(output?.contentLines == 11..<13)
    #expect(output?.comparison.difference(from: "1.01") == nil)
  }

  @Test func emptyOutputsAreOutputs() throws {
    let lesson = try lesson("```mlr\nx = 1\n```\n```output\n```\n")
    #expect(
      lesson.steps[0].blocks[0].cell?.output
        == ExpectedOutput(text: "", tolerance: nil, line: 7, contentLines: 8..<8))
  }

  @Test func headingsMakeTheirIds() throws {
    let lesson = try lesson("## What's $\\tau$, *really*?\n\n## A `b` C ##\n\nSetext\n---\n")
    #expect(lesson.steps.map(\.id) == ["whats-really", "a-b-c", "setext"])
    #expect(lesson.steps.map(\.title) == ["What's $\\tau$, *really*?", "A `b` C", "Setext"])
  }

  @Test func answersMayBeRepeatedAndAreFoundInAnyFile() throws {
    let text = """
      ```quiz q
      ? a
      = 1
      ```
      ```answer q
      2
      ```
      ```answer q
      1
      ```
      """
    let answers = try lesson(text).steps[0].blocks.compactMap(\.answer)
    #expect(answers.map(\.content.text) == ["2", "1"])
    let loose = Lesson.answers(
      in: "no front matter\n\n" + text + "\n```mlr answer e\nx\n```\n```mlr")
    #expect(loose.map(\.id) == ["q", "q", "e"])
    #expect(loose.map(\.isCode) == [false, false, true])
  }
}

extension Block {
  var name: String {
    switch self {
    case .prose: "prose"
    case .cell: "cell"
    case .predict: "predict"
    case .quiz: "quiz"
    case .exercise: "exercise"
    case .answer: "answer"
    }
  }

  var cell: Cell? { if case .cell(let cell) = self { cell } else { nil } }
  var answer: Answer? { if case .answer(let answer) = self { answer } else { nil } }
}
