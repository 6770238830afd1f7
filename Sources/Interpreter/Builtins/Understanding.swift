import Autodiff
import MetricLearning
import Tensors
import Typography

extension BuiltinCatalog {
  /// What a loss does, in words and numbers.
  static let understanding: [Builtin] = [
    Builtin(
      "similarities(L)", "Which of three similarities the weight of a pair depends on.",
      details: """
        A record of bools for a negative pair: .S its own similarity (the weight changes when all \
        similarities of the anchor change by one constant), .N the other negatives, .P the positives of \
        the anchor, as rivals or as what lets the anchor count. For a positive pair N and P trade places. \
        The weight is ∂L/∂S, so that a loss of plain distances depends on S; a common factor of the \
        reduction does not count. Reported for the published losses: contrastive and binomial S, triplet \
        P, lifted N, ms all three.
        """,
      example: "similarities(ms(mining=true))", seeAlso: ["pair_weights", "ms"],
      reference: "Wang et al. 2019; theory §6.2"
    ) { call in
      let sum = try lossArgument(call, 0).sum
      guard let used = sum.usedSimilarities else {
        throw call.failure(
          0, notOfPairs(sum),
          ["Only what is a function of pair similarities weighs pairs: theory §6.1."])
      }
      return .record([
        ("S", .bool(used.own)), ("N", .bool(used.negative)), ("P", .bool(used.positive)),
      ])
    },
    Builtin(
      "levels(L, y, d=2, draws=8, seed=0)",
      "What a value of a loss means: its value at collapse, at chance, and its floor.",
      details: """
        y: n labels, or a data set. A record: .collapse the value where all n embeddings are e₁ = (1, 0, \
        …); .chance the mean value over draws of n random directions in d dimensions, \
        normalize(randn(n, d)), from the generator named "levels"; .floor a value the loss is never \
        below, none where none is known. Class weights not given are e₁ at collapse, L.init(classes, d) \
        at chance, and the best there are at the floor. Printed, the record says whether the floor is \
        reached. curve(levels=…) draws it.
        """,
      example: "levels(contrastive, [0, 0, 1, 1]).collapse", seeAlso: ["curve", "fit", "diagnose"],
      reference: "theory §3, §6, §8.6"
    ) { call in try Levels(call).record() },
    Builtin(
      "explain(L, z, y, anchor=0, terms=6, query=none)",
      "The arithmetic of one anchor, term by term.",
      details: """
        z: n×d, y: n labels; anchor: a row. Of a loss of pairs: every positive and negative with its \
        similarity or distance, its cost or share, and its weight ∂L/∂S, then the sums, the cost of the \
        anchor, the reduction and the value; of a loss with class weights: logits and probabilities. \
        Beyond `terms` of a kind those with the largest weights are shown. A record that prints so: .cost \
        of the anchor before the reduction, none where only weights are known, .value of the loss, .text. \
        explain(evaluate, z, y, query=i) ranks the others around point i instead, the first `terms` of \
        them shown: .r_precision .map_at_r .neighbours .text.
        """,
      example: "explain(triplet, [[1, 0], [1, 1], [0, 1]], [0, 0, 1], anchor=1).cost",
      seeAlso: ["pair_weights", "mine", "definition"], reference: "theory §6.1"
    ) { call in
      if case .builtin(let builtin) = call[0], builtin.name == "evaluate" {
        return try RankingExplanation(call).record()
      }
      guard call.isNone(5) else {
        throw call.failure(
          5, "query is a point that evaluate ranks the others around",
          ["explain(evaluate, z, y, query=0), or explain(L, z, y, anchor=0) of a loss."])
      }
      return try Explanation(call).record()
    },
    Builtin(
      "diagnose(subject, z=none, y=none)",
      "What went wrong in a training, with the evidence for it.",
      details: """
        subject: a history of fit, or a loss with embeddings z (n×d) and labels y. Looks for numbers that \
        are not finite, classes without rows or with one, a loss that rises, margins the unit sphere \
        does not have, collapse to a point, dimensional collapse, diverging norms and a gradient that is 0 everywhere. Printed, it tells what was found \
        and what was looked at; .findings is a list of records .name .evidence .advice, .looked_at one of \
        .what .seen.
        """,
      example: "len(diagnose(contrastive, [[0, 0], [3, 4]], [0, 1]).findings)",
      seeAlso: ["fit", "levels", "explain"], reference: "theory §3.3, §8"
    ) { call in try Examination(call).record() },
  ]
}

/// One call of `levels`.
private struct Levels {
  private let call: Call
  private let sum: LossSum
  private let levels: LossLevels
  private let n: Int
  private let d: Int

  init(_ original: Call) throws {
    var call = original
    if case .object(let object) = call[1], let parts = object.parts, parts.count == 2 {
      call = call.replacing([call[0], parts[1]])
    }
    self.call = call
    try call.refuseFollowed(0)
    sum = try BuiltinCatalog.lossArgument(call, 0).sum
    if let views = sum.terms.first(where: { type(of: $0.loss).comparesViews }) {
      throw call.failure(0, "\(views.name) compares two views, and labels say nothing of these")
    }
    let labels = try call.labels(1)
    n = labels.count
    d = try call.whole(2, from: 1)
    _ = try Tensor.zeros([n, d])
    do {
      levels = try LossLevels(
        sum, labels: labels, d: d, draws: try call.whole(3, from: 1), seed: try call.seed(4))
    } catch let error as LossError {
      throw Wording.failure(error, at: call)
    }
  }

  func record() -> Value {
    let draws = counted((try? call.whole(3)) ?? 0, "draw")
    let makesWeights = sum.terms.contains { $0.loss.needsWeights && $0.weights == nil }
    let rows: [(String, Double?, String)] = [
      (
        "collapse", levels.collapse,
        makesWeights
          ? "embeddings and class weights at one point of the unit sphere"
          : "every embedding at one point of the unit sphere"
      ),
      ("chance", levels.chance, "random directions, the mean of \(draws)"),
      ("floor", levels.floor, levels.aboutFloor),
    ]
    let numbers = rows.map { $0.1.map { Formatting.number($0) } ?? "none" }
    let width = numbers.map(\.count).max() ?? 0
    let lines = zip(rows, numbers).map { row, number in
      "  \(row.0.padding(to: 8))  \(number.padding(to: width))  \(row.2)"
    }
    return .record(
      RecordBox(
        names: rows.map(\.0), values: rows.map { $0.1.map { .number($0) } ?? .nothing },
        page: (["levels of \(sum.name) · \(counted(n, "label")), d=\(d)"] + lines).joined(
          separator: "\n")))
  }
}

/// One call of `explain`.
private struct Explanation {
  private let sum: LossSum
  private let anchor: Int
  private let most: Int
  private let accounts: [AnchorAccount]
  private let n: Int

  init(_ original: Call) throws {
    var call = original
    if case .object(let object) = call[1], let parts = object.parts, parts.count == 2 {
      call = call.replacing([call[0], parts[0], parts[1]])
    }
    for index in 0..<3 { try call.refuseFollowed(index) }
    sum = try BuiltinCatalog.lossArgument(call, 0).sum
    let z = try call.matrix(1)
    n = z.shape[0]
    let labels = try call.labels(2, rows: n)
    // The weights of all pairs are made before those of one anchor are looked at.
    let bytes = 16 * Double(n) * Double(n)
    guard bytes < Double(max(0, call.context.memoryLimit - Memory.inUse)) else {
      throw call.failure(
        1, "the weights of \(n)×\(n) pairs take \(Formatting.number(bytes / 1e9, precision: 3)) GB",
        ["Explain a part of the rows that has the anchor in it: z[0:1000], y[0:1000]."])
    }
    var anchor = try call.whole(3)
    if anchor < 0, anchor >= -n { anchor += n }
    guard anchor >= 0, anchor < n else {
      throw call.failure(
        3, "there is no row \(anchor)",
        [n == 0 ? "z has no rows." : "z has \(counted(n, "row")), 0 to \(n - 1)."])
    }
    self.anchor = anchor
    most = try call.whole(4, from: 1)
    do {
      accounts = try sum.terms.map { term in
        guard let account = try AnchorAccount(term, z, labels: labels, anchor: anchor) else {
          throw call.failure(
            0, "\(term.name) is no sum over anchors: it cannot be explained one by one",
            ["definition(\(term.name)) is its formula in the language."])
        }
        return account
      }
    } catch let error as LossError {
      throw Wording.failure(error, at: call)
    }
  }

  func record() -> Value {
    let parts = zip(sum.terms, accounts)
    let value = parts.reduce(0) { $0 + $1.0.factor * $1.1.value }
    let costs = parts.compactMap { term, account in account.cost.map { term.factor * $0 } }
    let cost = costs.count == accounts.count ? costs.reduce(0, +) : nil
    var lines: [String] = []
    for (term, account) in parts {
      if !lines.isEmpty { lines.append("") }
      lines += text(account, of: term)
    }
    if sum.single == nil { lines += ["", equation(sum.name, value)] }
    let text = lines.joined(separator: "\n")
    return .record(
      RecordBox(
        names: ["anchor", "cost", "value", "text"],
        values: [
          .number(Double(anchor)), cost.map { .number($0) } ?? .nothing, .number(value),
          .text(text),
        ], page: text))
  }

  private func text(_ account: AnchorAccount, of term: LossSum.Term) -> [String] {
    var lines = ["\(term.name) at row \(anchor), class \(account.label), of \(counted(n, "row"))"]
    for group in account.groups {
      lines += table(group, account.columns)
    }
    for step in account.steps { lines.append(equation(step.words, step.value)) }
    if let cost = account.cost { lines.append(equation("cost of row \(anchor)", cost)) }
    if let sum = account.sum { lines.append(equation("cost of all rows", sum)) }
    if account.cost == nil {
      lines.append("  what each pair costs is not told apart; weights are what counts")
    }
    var words = "L: \(account.reduction)"
    if let sum = account.sum, account.value != 0, sum / account.value > 0 {
      let divisor = sum / account.value
      let whole = divisor.rounded()
      words +=
        abs(divisor - whole) < 1e-6 * whole
        ? ", here divided by \(Formatting.number(whole))" : ""
    }
    lines.append(equation(words, account.value))
    return lines
  }

  /// A line with a number at its end, the numbers below each other where the words let them.
  private func equation(_ words: String, _ value: Double) -> String {
    "  \(words.padding(to: 54))  \(Formatting.number(value))"
  }

  private func table(_ group: AnchorAccount.Group, _ columns: [String]) -> [String] {
    let isOfClasses = group.title == "classes"
    let kind = isOfClasses ? "class" : String(group.title.dropLast())
    var lines = ["  \(counted(group.terms.count, kind, group.title))"]
    guard !group.terms.isEmpty else { return lines }
    let shown =
      group.terms.count <= most
      ? group.terms
      : Array(
        group.terms.enumerated().sorted {
          ($1.element.importance, $0.offset) < ($0.element.importance, $1.offset)
        }.prefix(most).map(\.element))
    let width = 12
    func cell(_ text: String) -> String {
      String(repeating: " ", count: max(1, width - text.count)) + text
    }
    let noun = isOfClasses ? "class" : "row"
    lines[0] = lines[0].padding(to: 18) + columns.map(cell).joined()
    for term in shown {
      let name = "    \(noun) \(term.place)" + (noun == "class" && term.isOwn ? ", own" : "")
      lines.append(
        name.padding(to: 18)
          + term.numbers.map { cell(Formatting.number($0, precision: 5)) }.joined())
    }
    let rest = group.terms.count - shown.count
    if rest > 0 {
      let places = Set(shown.map(\.place))
      let weight = group.terms.filter { !places.contains($0.place) }
        .reduce(0) { $0 + ($1.numbers.last ?? 0) }
      lines.append(
        "    … \(rest) more, of the last column together \(Formatting.number(weight, precision: 5))"
      )
    }
    return lines
  }
}

/// One call of `diagnose`.
private struct Examination {
  private let diagnosis: Diagnosis
  private let subject: String

  init(_ original: Call) throws {
    var call = original
    if case .object(let object) = call[1], let parts = object.parts, parts.count == 2 {
      call = call.replacing([call[0], parts[0], parts[1]])
    }
    for index in 0..<3 { try call.refuseFollowed(index) }
    var seen: Diagnosis.Subject
    if case .object(let object) = call[0], let history = object as? HistoryObject {
      guard !call.isGiven(1), !call.isGiven(2) else {
        throw call.failure(1, "a history knows its embeddings and labels", ["diagnose(h) is all."])
      }
      seen = try history.subject()
      subject = history.display
    } else {
      let loss = try? BuiltinCatalog.lossArgument(call, 0)
      guard let loss else {
        throw call.wrong(0, "a history of fit, or a loss such as ms()")
      }
      guard call.isGiven(1), !call.isNone(1), !call.isNone(2) else {
        throw call.failure(
          0, "diagnose needs embeddings and labels with a loss",
          ["diagnose(L, z, y), or diagnose(h) of a history."])
      }
      let z = try call.matrix(1)
      seen = Diagnosis.Subject(z, labels: try call.labels(2, rows: z.shape[0]))
      seen.loss = loss.sum
      subject = "\(loss.name) on \(shapeText(z.shape))"
    }
    do {
      diagnosis = try Diagnosis(seen) { Formatting.number($0, precision: 4) }
    } catch {
      throw Wording.failure(error, at: call)
    }
  }

  func record() -> Value {
    let findings = diagnosis.findings.map { finding in
      Value.record([
        ("name", .text(finding.name)), ("evidence", .text(finding.evidence)),
        ("advice", .text(finding.advice)),
      ])
    }
    let looks = diagnosis.looks.map { look in
      Value.record([("what", .text(look.what)), ("seen", .text(look.seen))])
    }
    return .record(
      RecordBox(
        names: ["findings", "looked_at"], values: [.list(findings), .list(looks)], page: page))
  }

  private var page: String {
    var lines = ["diagnosis of \(subject)"]
    if diagnosis.findings.isEmpty { lines.append("  nothing wrong found") }
    for finding in diagnosis.findings {
      lines += "✗ \(finding.name): \(finding.evidence)".wrapped(to: 80, first: "  ", rest: "    ")
      lines += finding.advice.wrapped(to: 80, first: "    ", rest: "    ")
    }
    lines.append("  looked at")
    for look in diagnosis.looks {
      lines += "\(look.what): \(look.seen)".wrapped(to: 80, first: "    ", rest: "      ")
    }
    return lines.joined(separator: "\n")
  }
}
