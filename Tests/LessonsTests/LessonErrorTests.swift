import Testing

@testable import Lessons

@Suite struct LessonErrorTests {
  private func errors(_ text: String) -> [LessonError] {
    do throws(UnreadableLesson) {
      _ = try Lesson(parsing: text, file: "t.md")
      return []
    } catch {
      return error.errors
    }
  }

  /// The errors of a body, which starts in line 4.
  private func problems(_ body: String) -> [LessonError] {
    errors("---\ntitle: T\n---\n" + body)
  }

  private func header(_ yaml: String) -> [LessonError] { errors("---\n" + yaml + "\n---\n") }

  private func at(_ line: Int, _ problem: LessonError.Problem) -> [LessonError] {
    [LessonError(line: line, problem)]
  }

  private static let exercise = """
    ```mlr exercise e
    1
    ```
    ```mlr check e
    1
    ```
    ```mlr solution e
    1
    ```

    """

  // MARK: Front matter

  @Test func frontMatterHasToBeThere() {
    #expect(errors("# Title\n") == at(1, .noFrontMatter))
    #expect(errors("") == at(1, .noFrontMatter))
    #expect(errors("---\ntitle: T\n") == at(1, .unclosedFrontMatter))
    #expect(errors("---\n---\n") == at(1, .missingKey("title")))
    #expect(header("- a") == at(2, .frontMatterIsNoMapping))
    #expect(header("summary: s") == at(1, .missingKey("title")))
  }

  @Test func unknownKeysSuggestTheClosest() {
    #expect(header("title: T\nsumary: s") == at(3, .unknownKey("sumary", closest: "summary")))
    #expect(header("title: T\nauthor: s") == at(3, .unknownKey("author", closest: nil)))
    let error = LessonError(line: 3, .unknownKey("sumary", closest: "summary"))
    #expect(error.message == "front matter has no key `sumary`")
    #expect(error.advice == "Did you mean `summary`?")
  }

  @Test func brokenYAMLKnowsItsLine() throws {
    for yaml in ["title: T\nsummary: a: b", "title: T\npaper: \"open", "title: T\nneeds: [1"] {
      let error = try #require(header(yaml).first)
      guard case .brokenYAML = error.problem else {
        Issue.record("\(error)")
        continue
      }
      #expect((3...4).contains(error.line), "\(yaml): \(error)")
    }
    guard case .brokenYAML(let reason)? = header("title: T\ntitle: U").first?.problem else {
      Issue.record("duplicate keys passed")
      return
    }
    #expect(reason == "the key `title` is there twice")
  }

  @Test(arguments: ["[", "{a: ", "- "])
  func deepYAMLIsRefused(part: String) {
    #expect(!header("title: " + String(repeating: part, count: 5000)).isEmpty)
  }

  @Test(arguments: [
    ("minutes", "ten"), ("minutes", "0"), ("seed", "-1"), ("seed", "1.5"), ("needs", "01"),
    ("needs", "[[1]]"), ("goals", "be good"), ("summary", "[a]"), ("title", "{a: b}"),
  ])
  func valuesHaveTheirKinds(key: String, value: String) throws {
    let title = key == "title" ? "" : "title: T\n"
    let all = header(title + "\(key): \(value)")
    #expect(all.count == 1)
    guard case .wrongValue(key, _)? = all.first?.problem else {
      Issue.record("\(all)")
      return
    }
    #expect(all.first?.line == (title.isEmpty ? 2 : 3))
  }

  // MARK: Ids

  @Test func idsAreUniqueAndWellFormed() {
    #expect(problems("## A\n\n## A\n") == at(6, .duplicateID("a", firstLine: 4)))
    #expect(
      problems("## Q\n```quiz q\n? a\n= 1\n```\n") == at(5, .duplicateID("q", firstLine: 4)))
    #expect(problems("## A {#B c}\n") == at(4, .malformedID("B c")))
    #expect(problems("## 漢字\n") == at(4, .headingWithoutID("漢字")))
    #expect(problems("```quiz Q_1\n? a\n= 1\n```\n") == at(4, .malformedID("Q_1")))
    #expect(problems("```quiz\n? a\n= 1\n```\n") == at(4, .fenceWithoutID("quiz")))
    #expect(problems("```mlr check\n1\n```\n") == at(4, .fenceWithoutID("mlr check")))
  }

  // MARK: Fences

  @Test(arguments: [
    ("mlr hiden", LessonError.Problem.unknownCellWord("hiden", closest: "hidden")),
    ("mlr show", .unknownCellWord("show", closest: nil)),
    ("mlrepl", .unknownFence("mlrepl", closest: "mlr")),
    ("MLR", .unknownFence("MLR", closest: "mlr")),
    ("ouptut", .unknownFence("ouptut", closest: "output")),
    ("qiuz a", .unknownFence("qiuz", closest: "quiz")),
    ("check e", .unknownFence("check", closest: "mlr check")),
    ("mlr hidden now", .unexpectedFenceText("now")), ("output to=1", .unexpectedFenceText("to=1")),
    ("output tol=x", .malformedTolerance("tol=x")),
    ("output tol=-1", .malformedTolerance("tol=-1")),
    ("mlr wrong e", .mistakeWithoutFeedback("e")),
    ("mlr wrong e \"\"", .mistakeWithoutFeedback("e")),
    ("mlr wrong e \"open", .mistakeWithoutFeedback("e")),
  ])
  func fencesSayWhatIsWrong(info: String, problem: LessonError.Problem) {
    #expect(problems("```\(info)\n1\n```\n") == at(4, problem))
  }

  @Test func fencesAreClosedAndAtTheMargin() {
    #expect(problems("text\n\n```mlr\n1\n") == at(6, .unclosedFence))
    #expect(problems("```python\n1\n``\n") == at(4, .unclosedFence))
    #expect(problems("- a\n\n  ```mlr\n  1\n  ```\n") == at(6, .nestedFence("mlr")))
  }

  @Test func outputsNeedTheirCell() {
    #expect(problems("```output\n1\n```\n") == at(4, .outputWithoutCell))
    #expect(
      problems("```mlr\n1\n```\n## B\n```output\n1\n```\n") == at(8, .outputWithoutCell))
    #expect(
      problems("```mlr\n1\n```\n```output\n1\n```\n```output\n1\n```\n")
        == at(10, .secondOutput(firstLine: 7)))
    #expect(problems(Self.exercise + "```output\n1\n```\n") == at(13, .outputWithoutCell))
  }

  @Test func predictionsNeedAShownCell() {
    let predict = "```predict p\n? a\n```\n"
    #expect(problems(predict) == at(4, .predictionWithoutCell("p")))
    #expect(problems(predict + "```mlr hidden\n1\n```\n") == at(4, .predictionWithoutCell("p")))
    #expect(problems(predict + "## B\n```mlr\n1\n```\n") == at(4, .predictionWithoutCell("p")))
    #expect(problems(predict + "text\n\n```mlr\n1\n```\n") == [])
  }

  @Test func partsNeedTheirExercise() {
    #expect(
      problems("```hint e\na\n```\n")
        == at(4, .partWithoutExercise(part: "hint", id: "e", closest: nil)))
    #expect(
      problems(Self.exercise.replacing(" e\n", with: " soft\n") + "```hint sotf\na\n```\n")
        == at(13, .partWithoutExercise(part: "hint", id: "sotf", closest: "soft")))
    #expect(
      problems("```mlr wrong e \"f\"\na\n```\n")
        == at(4, .partWithoutExercise(part: "known mistake", id: "e", closest: nil)))
  }

  @Test func exercisesNeedCheckAndSolutionOnce() {
    #expect(
      problems("```mlr exercise e\n1\n```\n")
        == at(4, .exerciseWithoutCheck("e")) + at(4, .exerciseWithoutSolution("e")))
    #expect(
      problems(Self.exercise + "```mlr check e\n1\n```\n")
        == at(13, .secondPart(part: "check", id: "e", firstLine: 7)))
    #expect(
      problems(Self.exercise + "```mlr solution e\n1\n```\n")
        == at(13, .secondPart(part: "solution", id: "e", firstLine: 10)))
    #expect(problems(Self.exercise + "```hint e\n\n```\n") == at(13, .emptyBlock("hint")))
  }

  @Test func answersBelongToSomething() {
    #expect(
      problems(Self.exercise + "```mlr answer f\n1\n```\n")
        == at(13, .answerToNothing(id: "f", closest: nil)))
    #expect(problems(Self.exercise + "```mlr answer e\n1\n```\n") == [])
  }

  // MARK: Quizzes

  @Test(arguments: [
    (5, "= 1", LessonError.QuizProblem.unexpectedLine("text", closest: nil), "text\n? a\n= 1"),
    (4, "", .noAnswer, "? a"), (4, "", .noQuestion, "= 1"), (5, "", .noQuestion, "?\n= 1"),
    (6, "", .secondQuestion, "? a\n? b\n= 1"), (7, "", .mixedAnswers, "? a\n= 1\n= 2"),
    (8, "", .mixedAnswers, "? a\n- [x] b :: c\n- [ ] d :: e\n= 2"),
    (6, "", .noRightChoice, "? a\n- [ ] b :: c\n- [ ] d :: e"),
    (6, "", .onlyOneChoice, "? a\n- [x] b :: c"),
    (7, "", .choiceWithoutFeedback("d"), "? a\n- [x] b :: c\n- [ ] d"),
    (7, "", .duplicateChoice("B."), "? a\n- [x] b :: c\n- [ ] B. :: e"),
    (6, "", .malformedTolerance("x"), "? a\n= 1 ± x"), (6, "", .malformedText("\"a"), "? a\n= \"a"),
    (6, "", .malformedText("\"a\" \"b\""), "? a\n= \"a\" \"b\""),
    (7, "", .mistakeWithoutFeedback("2"), "? a\n= 1\nwrong: 2"),
    (7, "", .mistakeWithoutNumber, "? a\n= \"b\"\nwrong: 2 :: c"),
    (7, "", .empty("hint:"), "? a\n= 1\nhint:"), (6, "", .empty("="), "? a\n="),
    (8, "", .secondWhy, "? a\n= 1\nwhy: b\nwhy: c"),
    (7, "", .unexpectedLine("hnit: b", closest: "hint:"), "? a\n= 1\nhnit: b"),
    (7, "", .unexpectedLine("more", closest: nil), "? a\n= 1\nmore"),
  ])
  func quizzesSayWhatIsWrong(
    line: Int, _: String, problem: LessonError.QuizProblem, quiz: String
  ) {
    #expect(problems("```quiz q\n\(quiz)\n```\n") == at(line, .quiz(problem)))
  }

  // MARK: All of them

  @Test func allErrorsAreCollectedInOrder() throws {
    let text = "---\nsumary: s\n---\n```output\n```\n\n## A\n\n## A\n\n```mlr hiden\n```\n"
    #expect(errors(text).map(\.line) == [1, 2, 4, 9, 11])
    let error = UnreadableLesson(file: "lessons/03-x.md", errors: Array(errors(text)[3...]))
    #expect(
      error.description == """
        lessons/03-x.md:9: the id `a` is taken: it is that of line 7
          Ids are unique in the file, steps included; a step takes one by {#id}.
        lessons/03-x.md:11: `hiden` means nothing after `mlr`
          Did you mean `mlr hidden`?
        """)
  }

  @Test func messagesHoldNoControlCharacters() {
    let error = LessonError(line: 1, .unknownFence("mlr\u{1B}[2J", closest: nil))
    #expect(error.message == "lessons have no `mlr[2J` blocks")
  }
}
