/// Gathers the hints, checks, solutions and known mistakes that follow their exercises.
struct ExerciseCollector {
  private struct Parts {
    var hints: [String] = []
    var check: Code?
    var solution: Code?
    var wrongs: [Exercise.Mistake] = []
  }

  private var parts: [String: Parts] = [:]

  /// From here on, parts may belong to an exercise.
  mutating func begin(_ id: String) { parts[id] = parts[id] ?? Parts() }

  /// Adds a part.
  ///
  /// - Returns: what is wrong with it, if anything.
  mutating func add(
    _ header: FenceHeader, _ code: Code, to id: String, line: Int
  ) -> LessonError.Problem? {
    guard var found = parts[id] else {
      let closest = Spelling.closest(to: id, among: parts.keys)
      return .partWithoutExercise(part: Self.name(of: header), id: id, closest: closest)
    }
    switch header {
    case .hint: found.hints.append(code.text)
    case .check:
      if let first = found.check {
        return .secondPart(part: "check", id: id, firstLine: first.line - 1)
      }
      found.check = code
    case .solution:
      if let first = found.solution {
        return .secondPart(part: "solution", id: id, firstLine: first.line - 1)
      }
      found.solution = code
    case .wrong(_, let feedback):
      found.wrongs.append(Exercise.Mistake(code: code, feedback: feedback))
    case .cell, .output, .predict, .quiz, .exercise, .answer, .foreign: break
    }
    parts[id] = found
    return nil
  }

  /// The exercise with its parts, and what is missing of it.
  func completed(_ exercise: Exercise) -> (Exercise, [LessonError.Problem]) {
    let found = parts[exercise.id] ?? Parts()
    var exercise = exercise
    exercise.hints = found.hints
    exercise.wrongs = found.wrongs
    var problems: [LessonError.Problem] = []
    if let check = found.check {
      exercise.check = check
    } else {
      problems.append(.exerciseWithoutCheck(exercise.id))
    }
    if let solution = found.solution {
      exercise.solution = solution
    } else {
      problems.append(.exerciseWithoutSolution(exercise.id))
    }
    return (exercise, problems)
  }

  private static func name(of header: FenceHeader) -> String {
    switch header {
    case .hint: "hint"
    case .check: "check"
    case .solution: "solution"
    case .wrong: "known mistake"
    case .cell, .output, .predict, .quiz, .exercise, .answer, .foreign: "block"
    }
  }
}
