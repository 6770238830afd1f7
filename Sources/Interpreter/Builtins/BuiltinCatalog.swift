/// Every function of the language: the table of contents of this folder.
package enum BuiltinCatalog {
  /// All of them, family by family.
  package static let all: [Builtin] =
    creation + elementwise + reductions + shapes + linearAlgebra + language + texts + functional
    + differentiation + geometry + losses + theory + understanding + mining + information
    + boundOptimization + toySets + datasets + files + models + training + replaying
    + retrievalMetrics + clusterings + evaluations + comparisons
    + charts
    + generators
    + answerHelpers

  private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

  /// The builtin a user calls `name`.
  package static func named(_ name: String) -> Builtin? { byName[name] }

  /// The fixed values that have names.
  static let constants: [(name: String, value: Double)] = [
    ("pi", .pi), ("π", .pi), ("inf", .infinity), ("nan", .nan), ("e", 2.718281828459045),
  ]
}
