import Diagnostics
public import Interpreter

/// What became of an answer to an exercise.
public struct ExerciseJudgement {
  /// What the answer's code gave.
  public let reply: Reply
  /// Whether it passes the exercise's check.
  public let isRight: Bool
  /// What to tell the learner: why not, the difference, the feedback of a known mistake.
  public let feedback: [String]
}

/// Decides whether an answer passes an exercise's check, and explains why not.
struct ExerciseJudge {
  let runner: LessonRunner
  let exercise: Exercise
  /// The variables before the answer ran.
  let before: Session.Snapshot

  private var session: Session { runner.session }

  /// The judgement of code that just ran.
  func judgement(of reply: Reply) -> ExerciseJudgement {
    if reply.diagnostic != nil {
      return ExerciseJudgement(reply: reply, isRight: false, feedback: [])
    }
    let after = session.snapshot()
    let check = checked(reply)
    if check.passes {
      session.restore(after)
      return ExerciseJudgement(reply: reply, isRight: true, feedback: [])
    }
    session.restore(after)
    let left = session.changes(since: before)
    let feedback =
      mistake(like: reply, left: left).map { [$0] } ?? check.reasons + difference(of: reply)
    return ExerciseJudgement(reply: reply, isRight: false, feedback: feedback)
  }

  /// Whether code of the lesson itself passes the check; the variables are as before afterwards.
  func passes(_ code: Code, called remark: String) -> (passes: Bool, reply: Reply) {
    session.quietly {
      session.restore(before)
      let reply = runner.run(code, called: remark)
      defer { session.restore(before) }
      return (reply.diagnostic == nil && checked(reply).passes, reply)
    }
  }

  /// A known mistake that gives the same, in the order of the lesson.
  func mistake(like reply: Reply, left: [(name: String, value: Value)]) -> String? {
    for wrong in exercise.wrongs {
      let isSame = session.quietly {
        session.restore(before)
        let other = runner.run(wrong.code, called: "wrong \(exercise.id)")
        let others = session.changes(since: before)
        defer { session.restore(before) }
        return other.diagnostic == nil && session.agree(reply.value, other.value)
          && left.map(\.name) == others.map(\.name)
          && zip(left, others).allSatisfy { session.agree($0.value, $1.value) }
      }
      if isSame { return wrong.feedback }
    }
    return nil
  }

  private func checked(_ reply: Reply) -> (passes: Bool, reasons: [String]) {
    session.define("result", reply.value)
    let outcome = session.quietly { runner.run(exercise.check, called: "check \(exercise.id)") }
    let passes = outcome.succeeded && outcome.value.truth != false
    guard !passes else { return (true, []) }
    var reasons: [String] = []
    for output in outcome.outputs {
      switch output {
      case .notice(let text): reasons.append(text.capitalizedSentence)
      case .check(let report) where !report.passed:
        let evidence = report.evidence.isEmpty ? "" : ": \(report.evidence)"
        reasons.append("\(report.message)\(evidence)".capitalizedSentence)
      default: break
      }
    }
    if let diagnostic = outcome.diagnostic {
      reasons.append("The check could not use this answer: \(diagnostic.message).")
    }
    return (false, reasons)
  }

  /// How the answer's value differs from the solution's, without giving that away.
  private func difference(of reply: Reply) -> [String] {
    let right = session.quietly {
      session.restore(before)
      defer { session.restore(before) }
      return runner.run(exercise.solution, called: "solution \(exercise.id)").value
    }
    if reply.value.isNothing, !right.isNothing {
      return ["The last line gives no value; the answer is what it gives."]
    }
    if let given = reply.value.singleNumber, let wanted = right.singleNumber {
      return NumericDifference(given: given, right: wanted).map { [$0.sentence] } ?? []
    }
    return []
  }
}

extension String {
  /// The text as a sentence: its first letter large, a full stop at its end.
  var capitalizedSentence: String {
    guard let first else { return self }
    let end = last.map { ".!?".contains($0) } == true ? "" : "."
    return first.uppercased() + dropFirst() + end
  }
}
