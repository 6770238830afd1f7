/// Finds the names a misspelt word may have meant.
public enum Suggestion {
  /// The closest of `known`, best first: one when it is clearly closest, up to three when not,
  /// none when all are far off.
  public static func names(for word: String, among known: some Sequence<String>) -> [String] {
    let typed = Array(word.lowercased())
    guard typed.count > 1, typed.count <= 60 else { return [] }
    let allowed = max(1, (typed.count + 1) / 3)
    var found: [(name: String, distance: Int)] = []
    for name in known where name != word && abs(name.count - typed.count) <= allowed {
      let distance = editDistance(typed, Array(name.lowercased()))
      if distance <= allowed { found.append((name, distance)) }
    }
    found.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let best = found.first?.distance else { return [] }
    return found.prefix { $0.distance == best }.prefix(3).map(\.name)
  }

  /// A sentence such as `Did you mean scatter?`, or nothing.
  public static func sentence(for word: String, among known: some Sequence<String>) -> String? {
    let close = names(for: word, among: known)
    switch close.count {
    case 0: return nil
    case 1: return "Did you mean \(close[0])?"
    default:
      return
        "Did you mean \(close.dropLast().joined(separator: ", ")) or \(close[close.count - 1])?"
    }
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
  private static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var previous = Array(0...b.count)
    var beforePrevious = previous
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var cost = min(
          previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          cost = min(cost, beforePrevious[j - 2] + 1)
        }
        row.append(cost)
      }
      (beforePrevious, previous) = (previous, row)
    }
    return previous[b.count]
  }
}
