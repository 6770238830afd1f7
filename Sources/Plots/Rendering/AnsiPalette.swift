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
      guard color.hasRamp, case .heat(let value) = cell.ground else { return nil }
      // Black on the bright half of the ramp, white on the dark one.
      return Self.rampIndex(value) >= 4 ? "38;5;16" : "38;5;231"
    case .faint:
      return color.hasRamp ? "38;5;243" : "90"
    case .strong:
      return "1"
    case .series(let number):
      return color.hasRamp
        ? "38;5;\(Self.series256[number % Self.series256.count])"
        : "\(Self.series16[number % Self.series16.count])"
    case .heat(let value):
      return color.hasRamp ? "38;\(shade(value))" : nil
    case .scale(let value):
      let step = Self.index(value, of: Self.inks256.count)
      return color.hasRamp ? "38;5;\(Self.inks256[step])" : "\(Self.inks16[step])"
    }
  }

  private func background(_ ink: Ink) -> String? {
    guard color.hasRamp, case .heat(let value) = ink else { return nil }
    return "48;\(shade(value))"
  }

  /// A shade of the ramp, as what follows 38 or 48.
  private func shade(_ value: Double) -> String {
    guard color == .trueColor else { return "5;\(Self.ramp256[Self.rampIndex(value)])" }
    let shade = PaperPalette.ramp(value)
    return "2;\(shade.red);\(shade.green);\(shade.blue)"
  }

  private static func rampIndex(_ value: Double) -> Int { index(value, of: ramp256.count) }

  /// The step of a scale of so many on which a value from 0 to 1 lies.
  private static func index(_ value: Double, of count: Int) -> Int {
    guard value >= 0 else { return 0 }
    return Int(min(value, 1) * Double(count - 1) + 0.5)
  }

  /// Blue, vermilion, green, pink, mustard, violet, rose.
  ///
  /// Seven of them against thirty-two glyphs: the pairs repeat only after 224 classes.
  static let series256 = [32, 166, 29, 169, 136, 98, 131]
  /// The nearest named colours.
  static let series16 = [94, 31, 36, 35, 32, 33, 91]
  /// Violet, blue, green, mustard, vermilion: for lines and arrows by value, from cold to warm.
  static let inks256 = [98, 32, 29, 136, 166]
  /// The nearest named colours.
  static let inks16 = [35, 94, 36, 33, 31]
  /// From dark violet through green to yellow, ever brighter.
  static let ramp256 = [53, 55, 25, 30, 35, 71, 77, 148, 184, 220]
}
