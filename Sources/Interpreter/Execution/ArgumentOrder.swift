import Diagnostics

/// Which parameter each argument of a call belongs to.
struct ArgumentOrder {
  /// For every argument, as written, the number of its parameter.
  private(set) var parameters: [Int] = []

  /// - Throws: a `Failure` for too many, unknown or doubled arguments, with the signature.
  init(
    names: [String?], count: Int, parameters known: [String], name: String, signature: String
  ) throws {
    var isTaken = [Bool](repeating: false, count: known.count)
    for position in 0..<count {
      let index: Int
      if position < names.count, let word = names[position] {
        guard let found = known.firstIndex(of: word) else {
          let hint = Suggestion.sentence(for: word, among: known)
          throw Failure(
            "\(name) has no parameter \(word)",
            [hint, "Its call is \(signature)."].compactMap { $0 }, at: .argumentName(position))
        }
        guard !isTaken[found] else {
          throw Failure(
            "\(name) gets \(word) twice", ["Its call is \(signature)."], at: .argumentName(position)
          )
        }
        index = found
      } else {
        guard position < known.count else {
          let most =
            known.isEmpty
            ? "no arguments"
            : known.count == 1 ? "at most 1 argument" : "at most \(known.count) arguments"
          throw Failure(
            "\(name) takes \(most)", ["Its call is \(signature)."],
            at: .argument(position))
        }
        index = position
      }
      isTaken[index] = true
      parameters.append(index)
    }
  }
}
