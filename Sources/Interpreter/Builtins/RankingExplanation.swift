import MetricLearning
import Tensors

/// One call of `explain(evaluate, z, y, query=i)`: the ranking around a point, and what it scores.
struct RankingExplanation {
  private let ranking: Ranking
  private let labels: [Int]
  /// Places that are shown.
  private let most: Int

  init(_ original: Call) throws {
    var call = original
    if case .object(let object) = call[1], let parts = object.parts, parts.count == 2 {
      call = call.replacing([call[0], parts[0], parts[1]])
    }
    try call.refuseFollowed(1, ["What is nearest changes in steps, so that it has no slope."])
    let z = try call.matrix(1)
    let n = z.shape[0]
    labels = try call.labels(2, rows: n)
    // `anchor` is the same question in the words of losses.
    let place = call.isNone(5) ? 3 : 5
    var query = try call.whole(place)
    if query < 0, query >= -n { query += n }
    guard query >= 0, query < n else {
      throw call.failure(
        place, "there is no row \(query)",
        [n == 0 ? "z has no rows." : "z has \(counted(n, "row")), 0 to \(n - 1)."])
    }
    most = try call.whole(4, from: 1)
    do {
      ranking = try Ranking(of: query, in: z, labels, least: most)
    } catch {
      throw Wording.failure(error, at: call)
    }
  }

  func record() -> Value {
    let text = lines.joined(separator: "\n")
    return .record(
      RecordBox(
        names: ["query", "r_precision", "map_at_r", "neighbours", "text"],
        values: [
          .number(Double(ranking.query)), .number(ranking.precisionAtR),
          .number(ranking.averagePrecisionAtR),
          .vector(ranking.places.map { Double($0.row) }), .text(text),
        ], page: text))
  }

  private var lines: [String] {
    let r = ranking.classmates
    var lines = [
      "the others around row \(ranking.query), class \(labels[ranking.query]), "
        + "which has R = \(counted(r, "classmate"))",
      "  place     row   class    distance   hit   hits/place",
    ]
    for (number, place) in ranking.places.prefix(most).enumerated() {
      if number == r, r > 0 { lines.append("  " + String(repeating: "-", count: 16) + " R") }
      lines.append(
        cell("\(number + 1)", 7) + cell("\(place.row)", 8) + cell("\(labels[place.row])", 8)
          + cell(Formatting.number(place.measure, precision: 5), 12)
          + cell(place.isHit ? "yes" : "", 6)
          + (place.isHit ? cell(Formatting.number(place.precision, precision: 5), 13) : ""))
    }
    if r > most { lines.append("    … \(r - most) more up to place R") }
    guard r > 0 else {
      return lines + ["  without a classmate the point asks for nothing: it is skipped"]
    }
    let relevant = ranking.places.prefix(r).filter(\.isHit)
    let first = ranking.places.firstIndex(where: \.isHit).map { "\($0 + 1)" }
    lines.append(
      "  nearest classmate at place \(first ?? "beyond \(ranking.places.count)"): recall@k is 1 from "
        + "there on")
    lines.append(
      "  R-precision = \(relevant.count)/\(r) = \(Formatting.number(ranking.precisionAtR))")
    lines.append(
      "  MAP@R = 1/\(r)·(\(sum(of: relevant.map(\.precision)))) = "
        + Formatting.number(ranking.averagePrecisionAtR))
    return lines
  }

  private func sum(of precisions: [Double]) -> String {
    if precisions.isEmpty { return "0" }
    let shown = precisions.prefix(5).map { Formatting.number($0, precision: 4) }
    return shown.joined(separator: " + ") + (precisions.count > 5 ? " + …" : "")
  }

  private func cell(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
