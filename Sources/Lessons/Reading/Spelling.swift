/// Finds what somebody probably meant to write.
enum Spelling {
  /// The candidate nearest to a word; nil where none is near enough to be a slip.
  ///
  /// A third of the letters may differ, at least one; two neighbours swapped count as one.
  static func closest(to word: String, among candidates: some Sequence<String>) -> String? {
    let word = word.lowercased()
    let allowed = max(1, word.count / 3)
    return candidates.map { (name: $0, distance: distance(word, $0.lowercased())) }
      .filter { $0.distance <= allowed && $0.distance < $0.name.count }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
  }

  /// The least number of letters added, dropped, changed or swapped with their neighbour.
  static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first.prefix(40))
    let b = Array(second.prefix(40))
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        let cost = a[i] == b[j] ? 0 : 1
        var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + cost)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, rows[i - 1][j - 1] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
