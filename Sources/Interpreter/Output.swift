public import Plots

/// Something a cell gives its reader while it runs, in order.
public enum Output: Sendable {
  /// What `print` wrote, line breaks included.
  case text(String)
  /// A plot to draw.
  case plot(Plot)
  /// The outcome of a `check`.
  case check(CheckReport)
  /// A derivation with the evidence of every link.
  case derivation(DerivationReport)
  /// Something worth knowing that is no error.
  case notice(String)
}

/// The outcome of one `check`.
public struct CheckReport: Sendable {
  /// Whether it held.
  public let passed: Bool
  /// The message, or the claim as written.
  public let message: String
  /// The margin when it held; both values and the worst entry when not.
  public let evidence: String
}

/// A derivation as it was verified: a proof with its evidence.
public struct DerivationReport: Sendable {
  /// The claim.
  public let title: String
  /// Whether it is a `refute`, a claim that should fail.
  public let isRefutation: Bool
  /// What it was tried on: `200 batches · n=60 d=2`.
  public let scope: String
  /// The first expression of the chain.
  public let first: String
  /// One line for every link.
  public let links: [Link]
  /// Whether the derivation says what is true.
  public let passed: Bool

  /// One link of the chain.
  public struct Link: Sendable {
    /// The relation to the line before.
    public let relation: String
    /// The right side as written.
    public let expression: String
    /// How it came out.
    public let outcome: Outcome
    /// The numbers behind the outcome.
    public let evidence: String
    /// The reason given.
    public let reason: String
    /// Code to paste that shows the failure; empty where there is none.
    public let counterexample: String
  }

  /// How a link came out.
  public enum Outcome: Sendable {
    /// It held on every sample.
    case held
    /// It failed on some sample.
    case failed
    /// It failed, as the `refute` around it says.
    case refuted
  }
}
