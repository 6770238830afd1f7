/// Colours as terminal escape sequences, distinct for the colour-blind and readable on dark and on
/// light grounds: all but the heat ramp have at least 3:1 contrast with black and with white.
struct AnsiPalette: Sendable {
  let color: RenderOptions.Color

  /// Ends all colours.
  static let reset = "\u{1B}[0m"

  /// What switches a cell's colours on; empty where it has none.
  func sequence(for cell: Cell) -> String {
    guard color != .none else { return "" }
    let codes = [foreground(cell), cell.ground.flatMap(background)].compactMap(\.self)
    return codes.isEmpty ? "" : "\u{1B}[\(codes.joined(separator: ";"))m"
  }

  private func foreground(_ cell: Cell) -> String? {
    switch cell.ink {
    case .plain:
      guard color == .ansi256, case .heat(let value) = cell.ground else { return nil }
      // Black on the bright half of the ramp, white on the dark one.
      return Self.rampIndex(value) >= 4 ? "38;5;16" : "38;5;231"
    case .faint:
      return color == .ansi256 ? "38;5;243" : "90"
    case .strong:
      return "1"
    case .series(let number):
      return color == .ansi256
        ? "38;5;\(Self.series256[number % Self.series256.count])"
        : "\(Self.series16[number % Self.series16.count])"
    case .heat(let value):
      return color == .ansi256 ? "38;5;\(Self.ramp256[Self.rampIndex(value)])" : nil
    }
  }

  private func background(_ ink: Ink) -> String? {
    guard color == .ansi256, case .heat(let value) = ink else { return nil }
    return "48;5;\(Self.ramp256[Self.rampIndex(value)])"
  }

  private static func rampIndex(_ value: Double) -> Int {
    guard value >= 0 else { return 0 }
    return Int(min(value, 1) * Double(ramp256.count - 1) + 0.5)
  }

  /// Blue, vermilion, green, pink, mustard, violet, rose.
  ///
  /// Seven of them against thirty-two glyphs: the pairs repeat only after 224 classes.
  static let series256 = [32, 166, 29, 169, 136, 98, 131]
  /// The nearest named colours.
  static let series16 = [94, 31, 36, 35, 32, 33, 91]
  /// From dark violet through green to yellow, ever brighter.
  static let ramp256 = [53, 55, 25, 30, 35, 71, 77, 148, 184, 220]
}
