/// What the world knows of one parameter: help, completion and the manual read this.
public struct ParameterDescription: Sendable, Equatable {
  /// The word a user types.
  public let name: String
  /// What it is when not given.
  public let defaultValue: ParameterValue
  /// What it may be.
  public let domain: ParameterDomain
  /// What it does, in half a sentence.
  public let help: String
}

/// The values a parameter may take.
public enum ParameterDomain: Sendable, Equatable {
  /// Numbers of a range.
  case number(NumberRange)
  /// Whole numbers of a range.
  case whole(NumberRange)
  /// `true` or `false`.
  case flag
  /// One of these words.
  case choice([String])
}

/// Why a parameter cannot be set so.
public enum ParameterError: Error, Sendable, Equatable {
  /// No parameter of this name; `known` lists those there are.
  case unknown(name: String, known: [String])
  /// A value of another kind than the parameter's domain.
  case wrongKind(name: String, given: ParameterValue, domain: ParameterDomain)
  /// A number outside the range.
  case outOfRange(name: String, given: Double, range: NumberRange)
  /// A fraction where a whole number is needed.
  case notWhole(name: String, given: Double)
  /// A word that is none of the choices.
  case unknownChoice(name: String, given: String, known: [String])
  /// The same parameter given more than once.
  case doubled(name: String)
}

/// A named, documented, checked way to one stored property of `Owner`.
///
/// The default is whatever a fresh `Owner` holds: it is written nowhere else.
public struct Parameter<Owner> {
  /// The word a user types.
  public let name: String
  /// What it may be.
  public let domain: ParameterDomain
  /// What it does, in half a sentence.
  public let help: String
  /// The property's value in an owner.
  public let value: (Owner) -> ParameterValue
  private let store: (inout Owner, ParameterValue) throws(ParameterError) -> Void

  /// A parameter that is a number of `range`.
  public init(
    _ name: String, _ path: WritableKeyPath<Owner, Double>, _ range: NumberRange, _ help: String
  ) {
    let domain = ParameterDomain.number(range)
    self.init(name, domain, help) {
      .number($0[keyPath: path])
    } store: { (owner, given) throws(ParameterError) in
      owner[keyPath: path] = try number(given, of: name, domain: domain, range: range)
    }
  }

  /// A parameter that is a number of `range`, or `none`.
  public init(
    _ name: String, _ path: WritableKeyPath<Owner, Double?>, _ range: NumberRange, _ help: String
  ) {
    let domain = ParameterDomain.number(range)
    self.init(name, domain, help) {
      $0[keyPath: path].map { .number($0) } ?? .nothing
    } store: { (owner, given) throws(ParameterError) in
      owner[keyPath: path] =
        given == .nothing ? nil : try number(given, of: name, domain: domain, range: range)
    }
  }

  /// A parameter that is a whole number of `range`.
  public init(
    _ name: String, _ path: WritableKeyPath<Owner, Int>, _ range: NumberRange, _ help: String
  ) {
    let domain = ParameterDomain.whole(range)
    self.init(name, domain, help) {
      .number(Double($0[keyPath: path]))
    } store: { (owner, given) throws(ParameterError) in
      let value = try number(given, of: name, domain: domain, range: range)
      guard let whole = Int(exactly: value) else { throw .notWhole(name: name, given: value) }
      owner[keyPath: path] = whole
    }
  }

  /// A parameter that is `true` or `false`.
  public init(_ name: String, _ path: WritableKeyPath<Owner, Bool>, _ help: String) {
    self.init(name, .flag, help) {
      .bool($0[keyPath: path])
    } store: { (owner, given) throws(ParameterError) in
      guard case .bool(let flag) = given else {
        throw .wrongKind(name: name, given: given, domain: .flag)
      }
      owner[keyPath: path] = flag
    }
  }

  /// A parameter that is one of the words of an enumeration.
  public init<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ path: WritableKeyPath<Owner, Choice>, _ help: String
  ) {
    let known = Choice.allCases.map(\.rawValue)
    self.init(name, .choice(known), help) {
      .text($0[keyPath: path].rawValue)
    } store: { (owner, given) throws(ParameterError) in
      guard case .text(let word) = given else {
        throw .wrongKind(name: name, given: given, domain: .choice(known))
      }
      guard let choice = Choice(rawValue: word) else {
        throw .unknownChoice(name: name, given: word, known: known)
      }
      owner[keyPath: path] = choice
    }
  }

  private init(
    _ name: String, _ domain: ParameterDomain, _ help: String,
    value: @escaping (Owner) -> ParameterValue,
    store: @escaping (inout Owner, ParameterValue) throws(ParameterError) -> Void
  ) {
    self.name = name
    self.domain = domain
    self.help = help
    self.value = value
    self.store = store
  }

  /// Sets the property of `owner`, after checking `value`.
  public func set(_ value: ParameterValue, in owner: inout Owner) throws(ParameterError) {
    try store(&owner, value)
  }

  /// The parameter as others see it, its default read from `owner`.
  public func description(defaultIn owner: Owner) -> ParameterDescription {
    ParameterDescription(name: name, defaultValue: value(owner), domain: domain, help: help)
  }
}

extension Array {
  /// Sets every named parameter in `owner`; the others keep their defaults.
  ///
  /// - Throws: the first name that is unknown or doubled, or value that does not fit.
  public func apply<Owner>(
    _ arguments: [(String, ParameterValue)], to owner: inout Owner
  ) throws(ParameterError) where Element == Parameter<Owner> {
    var seen: Set<String> = []
    for (name, value) in arguments {
      guard let parameter = first(where: { $0.name == name }) else {
        throw .unknown(name: name, known: map(\.name))
      }
      guard seen.insert(name).inserted else { throw .doubled(name: name) }
      try parameter.set(value, in: &owner)
    }
  }
}

private func number(
  _ given: ParameterValue, of name: String, domain: ParameterDomain, range: NumberRange
) throws(ParameterError) -> Double {
  guard case .number(let value) = given else {
    throw .wrongKind(name: name, given: given, domain: domain)
  }
  guard range.contains(value) else {
    throw .outOfRange(name: name, given: value, range: range)
  }
  return value
}
