/// What the world knows of a named thing: a function, a loss, a plot, a command.
///
/// Help, completion, the manual and the tests read cards; none of them keeps a list of its own.
public struct Card: Sendable {
  /// The word a user types.
  public let name: String
  /// One sentence that stands alone.
  public let summary: String
  /// The call with its parameters and defaults, such as `scatter(z, y=none)`.
  public let signature: String
  /// The formula in Unicode, one line each; empty where there is none.
  public let formula: String
  /// Shapes, units and remarks, as a paragraph.
  public let details: String
  /// Where it comes from: a paper, and the section of the theory.
  public let reference: String
  /// Code in the language that shows it at work; the tests run it.
  public let example: String
  /// Names worth looking at next.
  public let seeAlso: [String]

  /// A card; what is left out stays empty.
  public init(
    _ name: String, _ summary: String, signature: String, formula: String = "",
    details: String = "", reference: String = "", example: String = "", seeAlso: [String] = []
  ) {
    self.name = name
    self.summary = summary
    self.signature = signature
    self.formula = formula
    self.details = details
    self.reference = reference
    self.example = example
    self.seeAlso = seeAlso
  }

  /// The same with more to say.
  public func adding(details more: String) -> Card {
    Card(
      name, summary, signature: signature, formula: formula,
      details: details.isEmpty ? more : "\(details) \(more)", reference: reference,
      example: example, seeAlso: seeAlso)
  }
}
