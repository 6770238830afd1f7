import Testing

@testable import Lessons

@Suite struct QuizTests {
  private struct NoNumber: Error {}

  private func quiz(_ text: String, isPrediction: Bool = false) throws -> Quiz {
    var parser = QuizParser()
    let quiz = parser.parse(
      Code(text: text, line: 2), id: "q", line: 1, isPrediction: isPrediction)
    #expect(parser.errors == [])
    return quiz
  }

  /// Knows a few expressions, as an interpreter would.
  private func evaluate(_ text: String) throws -> Double {
    let known = ["log(2)": 0.6931471805599453, "2 * m": 0.4, "m": 0.2, "nan": .nan, "-m": -0.2]
    guard let value = known[text] else { throw NoNumber() }
    return value
  }

  private func outcome(_ quiz: Quiz, _ answer: String) -> Verdict.Outcome {
    quiz.judge(answer, evaluate: evaluate).outcome
  }

  private static let one =
    "? Which?\n- [ ] together :: no\n- [x] Nowhere else. :: yes\n- [ ] apart :: nor"
  private static let many = "? Which?\n- [x] red :: r\n- [ ] green :: g\n- [x] light blue :: b"

  @Test func linesGoOnUntilTheNextMark() throws {
    let quiz = try quiz(
      """
      ? First
      second

      third
      * [x] a :: yes
        indeed
      * [ ] b :: no
      hint: one
      more
      hint: two
      why: because
      """)
    #expect(quiz.question == "First\nsecond\n\nthird")
    #expect(
      quiz.answer
        == .choices([
          Choice(text: "a", isRight: true, feedback: "yes\n  indeed"),
          Choice(text: "b", isRight: false, feedback: "no"),
        ]))
    #expect(quiz.hints == ["one\nmore", "two"])
    #expect(quiz.why == "because")
  }

  @Test(arguments: [
    ("= 0.2", "0.2", Tolerance.relative(1e-6)), ("= log(2) ± 0.01", "log(2)", .absolute(0.01)),
    ("= 3 +- 1e-3", "3", .absolute(1e-3)), ("= a +-2+- 0.5", "a +-2", .absolute(0.5)),
  ])
  func numbersHaveExpressionsAndTolerances(line: String, text: String, tolerance: Tolerance) throws
  {
    #expect(
      try quiz("? a\n" + line).answer
        == .number(NumericAnswer(expression: text, tolerance: tolerance, mistakes: [])))
  }

  @Test(arguments: ["b", "B", "2", "(b)", "b)", "nowhere else", " Nowhere  ELSE! "])
  func choicesAreReadByLetterNumberOrText(answer: String) throws {
    let verdict = try quiz(Self.one).judge(answer, evaluate: evaluate)
    #expect(verdict == Verdict(.right, feedback: ["yes"]))
  }

  @Test func wrongChoicesGetTheirFeedback() throws {
    #expect(try quiz(Self.one).judge("a", evaluate: evaluate) == Verdict(.wrong, feedback: ["no"]))
    #expect(try outcome(quiz(Self.one), "d") == .unreadable)
    #expect(try outcome(quiz(Self.one), "0") == .unreadable)
    #expect(try outcome(quiz(Self.one), "a, b") == .unreadable)
    #expect(try outcome(quiz(Self.one), "  ") == .unreadable)
  }

  @Test(arguments: ["a, c", "a c", "c,a", "1 3", "red, light blue", "a and c", "red; c", "a, a, c"])
  func allRightChoicesAreWanted(answer: String) throws {
    #expect(try outcome(quiz(Self.many), answer) == .right)
  }

  @Test func missingAndExtraChoicesAreWrong() throws {
    let quiz = try quiz(Self.many)
    #expect(
      quiz.judge("a", evaluate: evaluate)
        == Verdict(.wrong, feedback: ["One right choice is missing."]))
    #expect(quiz.judge("a b c", evaluate: evaluate) == Verdict(.wrong, feedback: ["g"]))
    #expect(outcome(quiz, "a, x") == .unreadable)
  }

  @Test func labelsThatAreTextsAreTexts() throws {
    let numbers = try quiz("? a\n- [x] 2 :: y\n- [ ] 1 :: n\n- [ ] 4 :: n")
    #expect(outcome(numbers, "2") == .right)
    #expect(outcome(numbers, "1") == .wrong)
    #expect(outcome(numbers, "3") == .unreadable)
    #expect(outcome(numbers, "a") == .right)
    let letters = try quiz("? a\n- [ ] b :: n\n- [x] a :: y")
    #expect(outcome(letters, "a") == .right)
    #expect(outcome(letters, "2") == .right)
  }

  @Test(arguments: ["multi similarity", "Multi-Similarity?", "\"multisimilarity\".", "MS"])
  func textsIgnoreCaseBlanksAndFinalPunctuation(answer: String) throws {
    let quiz = try quiz("? a\n= \"Multi similarity\" | \"multi-similarity\" | \"ms\"")
    #expect(outcome(quiz, answer) == .right)
    #expect(outcome(quiz, answer + " loss") == .wrong)
  }

  @Test func numbersAreJudgedByValue() throws {
    let quiz = try quiz("? a\n= log(2)")
    #expect(outcome(quiz, "log(2)") == .right)
    #expect(outcome(quiz, "0.69314718") == .right)
    #expect(outcome(quiz, "0.69") == .wrong)
    #expect(outcome(quiz, "two") == .unreadable)
    let loose = try self.quiz("? a\n= 0.2 ± 0.01")
    #expect(outcome(loose, "0.21") == .right)
    #expect(outcome(loose, "0.211") == .wrong)
    #expect(try outcome(self.quiz("? a\n= nan"), "nan") == .right)
    #expect(try outcome(self.quiz("? a\n= 0"), "0.0") == .right)
    #expect(try outcome(self.quiz("? a\n= 0"), "1e-5") == .wrong)
    #expect(try outcome(self.quiz("? a\n= broken("), "1") == .unreadable)
  }

  @Test func knownMistakesGetTheirFeedback() throws {
    let quiz = try quiz("? a\n= m\nwrong: 2 * m :: You counted both.\nwrong: 0.04 :: Squared.")
    #expect(
      quiz.judge("0.4", evaluate: evaluate)
        == Verdict(
          .wrong, feedback: ["You counted both.", "Your number is the right one times 2."],
          difference: .factor(2)))
    #expect(quiz.judge("0.04", evaluate: evaluate).feedback.first == "Squared.")
    #expect(quiz.judge("-m", evaluate: evaluate).difference == .sign)
  }

  @Test func predictionsWaitForTheirCell() throws {
    let quiz = try quiz("? a", isPrediction: true)
    #expect(outcome(quiz, "0.69") == .open)
    #expect(outcome(quiz, "no idea") == .unreadable)
    func judged(_ answer: String) -> Verdict.Outcome {
      quiz.judge(answer, cellValue: 0.693147, evaluate: evaluate).outcome
    }
    #expect(judged("0.69") == .right)
    #expect(judged("0.70") == .wrong)
    #expect(judged("log(2)") == .right)
    #expect(judged("m") == .wrong)
  }

  @Test func instructionsSayHowToAnswer() throws {
    #expect(try quiz(Self.one).instruction == "Choose one: a, b or c.")
    #expect(try quiz(Self.many).instruction == "Choose all that are right, of a, b and c.")
    #expect(try quiz("? a\n= 1 ± 0.01").instruction == "A number, within 0.01.")
  }
}

@Suite struct NumericDifferenceTests {
  @Test(arguments: [
    (-2.5, 2.5, NumericDifference.sign), (5, 2.5, .factor(2)), (0.25, 2.5, .factor(0.1)),
    (-1.25, 2.5, .factor(-0.5)), (0.4, 2.5, .reciprocal), (3.5, 2.5, .offByOne),
    (9, 2.5, .tooLarge),
    (2.4, 2.5, .tooSmall), (.infinity, 2.5, .notFinite), (1, 0, .offByOne), (0.3, 0, .tooLarge),
  ])
  func commonSlipsAreTold(given: Double, right: Double, difference: NumericDifference) {
    #expect(NumericDifference(given: given, right: right) == difference)
  }

  @Test func nothingIsSaidOfEqualNumbersOrInfinity() {
    #expect(NumericDifference(given: 1, right: 1) == nil)
    #expect(NumericDifference(given: 1, right: .infinity) == nil)
    #expect(NumericDifference(given: 1, right: .nan) == nil)
  }

  @Test func sentencesNameTheFactor() {
    #expect(NumericDifference.factor(2).sentence == "Your number is the right one times 2.")
    #expect(
      NumericDifference.factor(-0.5).sentence
        == "Your number is the right one divided by 2 with the other sign.")
    #expect(NumericDifference.factor(2 * .pi).sentence == "Your number is the right one times 2π.")
  }
}
