import Cards

/// How the arguments of a call meet the parameters of a builtin.
final class Binding {
  let builtin: Builtin
  /// Where the argument of each parameter stands in the call as written, nil for one not given.
  private(set) var positions: [Int?] = []
  /// Whether each argument was given by its name.
  private(set) var isNamed: [Bool] = []
  /// The arguments that a parameter for all the rest gets, by their place in the call.
  private let rest: [Int]
  /// The arguments that a parameter for names of the caller's choice gets, by their place.
  private let namedRest: [(name: String, place: Int)]
  /// Whether the arguments are the first parameters, in order.
  private let isInOrder: Bool
  /// The defaults of the parameters after the arguments, where these are in order.
  private let defaults: [Value]
  /// The builtin this was made for, where it is remembered.
  weak var owner: BuiltinFunction?

  /// Finds a parameter for every argument.
  ///
  /// - Throws: a `Failure` for missing, unknown, doubled or surplus arguments, with the signature.
  init(_ builtin: Builtin, names: [String?], count: Int) throws {
    self.builtin = builtin
    let parameters = builtin.parameters
    var positions = [Int?](repeating: nil, count: parameters.count)
    var isNamed = [Bool](repeating: false, count: parameters.count)
    defer { (self.positions, self.isNamed) = (positions, isNamed) }
    func name(of place: Int) -> String? { place < names.count ? names[place] : nil }
    /// The arguments that go to ordinary parameters.
    var ordinary = Array(0..<count)
    if let index = parameters.firstIndex(where: \.isRest) {
      rest = ordinary.filter { $0 >= index && name(of: $0) == nil }
      positions[index] = rest.first
      let taken = Set(rest)
      ordinary.removeAll { taken.contains($0) }
    } else {
      rest = []
    }
    if parameters.contains(where: \.isNamedRest) {
      namedRest = ordinary.compactMap { place in name(of: place).map { ($0, place) } }
      ordinary.removeAll { name(of: $0) != nil }
    } else {
      namedRest = []
    }
    isInOrder =
      names.allSatisfy { $0 == nil } && !parameters.contains { $0.isRest || $0.isNamedRest }
    defaults = isInOrder ? parameters.dropFirst(count).compactMap(\.defaultValue) : []
    let order = try Self.order(of: ordinary, names, in: builtin)
    for (place, index) in zip(ordinary, order.parameters) {
      guard !parameters[index].isRest, !parameters[index].isNamedRest else {
        throw Failure(
          "\(builtin.name) takes its values by name", ["Write \(builtin.name)(x=1)."],
          at: .argument(place))
      }
      positions[index] = place
      isNamed[index] = name(of: place) != nil
    }
    for (index, parameter) in parameters.enumerated()
    where positions[index] == nil && parameter.defaultValue == nil {
      throw Failure(
        "\(builtin.name) needs \(parameter.name)", ["Its call is \(builtin.card.signature)."])
    }
  }

  /// The parameters of some arguments; an error points at the argument's place in the whole call.
  private static func order(
    of places: [Int], _ names: [String?], in builtin: Builtin
  ) throws -> ArgumentOrder {
    do {
      return try ArgumentOrder(
        names: places.map { $0 < names.count ? names[$0] : nil }, count: places.count,
        parameters: builtin.parameters.map(\.name), name: builtin.name,
        signature: builtin.card.signature)
    } catch var failure as Failure {
      switch failure.focus {
      case .argument(let number): failure.focus = .argument(places[number])
      case .argumentName(let number): failure.focus = .argumentName(places[number])
      case .whole, .callee, .item, .generator, .product: break
      }
      throw failure
    }
  }

  /// The value of every parameter, from the arguments as written.
  func values(of arguments: [Value]) -> ArgumentValues {
    if isInOrder { return ArgumentValues(arguments + defaults) }
    var values = ArgumentValues()
    for (index, parameter) in builtin.parameters.enumerated() {
      if parameter.isRest {
        values.append(.list(rest.map { arguments[$0] }))
      } else if parameter.isNamedRest {
        values.append(.record(namedRest.map { ($0.name, arguments[$0.place]) }))
      } else {
        values.append(
          positions[index].map { arguments[$0] } ?? parameter.defaultValue ?? .undefined)
      }
    }
    return values
  }

  /// The value of every parameter, from arguments in consecutive registers, which lose them.
  func values(taking count: Int, from window: Registers) -> ArgumentValues {
    guard isInOrder else { return values(of: window.take(count)) }
    var values = ArgumentValues()
    for index in 0..<count { values.append((window + index).take()) }
    for value in defaults { values.append(value) }
    return values
  }
}
