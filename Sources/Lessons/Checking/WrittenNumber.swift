import Glibc

/// A number as it stands in a text.
struct WrittenNumber: Equatable {
  /// Its characters, the minus sign as `-`.
  var text: String
  /// Its value.
  var value: Double
  /// How many decimals were written, the exponent counted in: 4 for `0.6931`, 6 for `1.3e-5`; nil
  /// for whole numbers.
  var decimals: Int?
  /// The place after its last character.
  var end: Int

  /// The number that starts at a place of a line, if one does.
  ///
  /// A sign belongs to it unless something it could be subtracted from stands before. Superscript
  /// digits and those inside names are no numbers; `nan` and `inf` are.
  init?(in characters: [Character], at start: Int) {
    func character(_ place: Int) -> Character? {
      characters.indices.contains(place) ? characters[place] : nil
    }
    func isDigit(_ place: Int) -> Bool { character(place).map(Self.isDigit) ?? false }
    func endOfDigits(from place: Int) -> Int {
      var end = place
      while isDigit(end) { end += 1 }
      return end
    }

    var place = start
    if let sign = character(place), "+-−".contains(sign) {
      let before = character(start - 1)
      if let before, before.isPartOfName || ")]}".contains(before) { return nil }
      place += 1
    } else if character(start - 1)?.isPartOfName == true {
      return nil
    }
    let isNegative = place > start && characters[start] != "+"

    if let word = Self.word(in: characters, at: place) {
      value = word.value * (isNegative ? -1 : 1)
      text = (isNegative ? "-" : "") + word.text
      decimals = nil
      end = word.end
      return
    }
    let whole = endOfDigits(from: place)
    var last = whole
    var written: Int?
    if character(whole) == ".", isDigit(whole + 1) {
      last = endOfDigits(from: whole + 1)
      written = last - whole - 1
    }
    guard last > place else { return nil }
    var exponent = 0
    if let mark = character(last), mark == "e" || mark == "E" {
      let sign = character(last + 1)
      let digits = sign == "-" || sign == "+" || sign == "−" ? last + 2 : last + 1
      let stop = endOfDigits(from: digits)
      if stop > digits, character(stop)?.isPartOfName != true {
        // Beyond what a double can hold the size of the exponent makes no difference.
        let size = min(Int(String(characters[digits..<stop])) ?? 9999, 9999)
        exponent = digits == last + 2 && sign != "+" ? -size : size
        written = (written ?? 0) - exponent
        last = stop
      }
    }
    let digits = String(characters[place..<last]).replacing("−", with: "-")
    guard let size = Double(digits) else { return nil }
    value = isNegative ? -size : size
    text = (isNegative ? "-" : "") + digits
    decimals = written
    end = last
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private static func word(
    in characters: [Character], at place: Int
  ) -> (text: String, value: Double, end: Int)? {
    for (word, value) in [("nan", Double.nan), ("inf", Double.infinity)] {
      let end = place + word.count
      guard end <= characters.count, String(characters[place..<end]) == word else { continue }
      guard end == characters.count || !characters[end].isPartOfName else { continue }
      return (word, value, end)
    }
    return nil
  }
}

/// The numbers an expected number stands for.
struct NumberPattern: Equatable {
  private var number: WrittenNumber
  private var tolerance: Double?

  init(_ number: WrittenNumber, tolerance: Double? = nil) {
    self.number = number
    self.tolerance = tolerance
  }

  /// Whether a printed number is one of them.
  ///
  /// - Parameters:
  ///   - actual: the number as printed.
  ///   - mayGoOn: whether `…` follows, so that more digits after those written are fine too.
  /// - Returns: whether it is.
  func accepts(_ actual: WrittenNumber, mayGoOn: Bool = false) -> Bool {
    if mayGoOn, actual.text.hasPrefix(number.text) { return true }
    if number.decimals == nil, actual.decimals == nil {
      // Whole numbers beyond 2⁵³ differ in digits their doubles cannot hold.
      return abs(number.value) < 9e15
        ? number.value.isSame(as: actual.value) : number.text == actual.text
    }
    return accepts(actual.value)
  }

  /// Whether a value is one of them.
  func accepts(_ actual: Double) -> Bool {
    if number.value.isSame(as: actual) { return true }
    guard number.value.isFinite, actual.isFinite else { return false }
    let off = abs(actual - number.value)
    if let tolerance, off <= tolerance * (1 + abs(number.value)) { return true }
    guard let decimals = number.decimals else { return false }
    // Half a unit of the last digit; the slack lets both neighbours have a value right between.
    let half = 0.5 * pow(10, Double(-decimals))
    return off <= half * (1 + 1e-9) + 4 * .ulpOfOne * abs(number.value)
  }
}

extension Double {
  fileprivate func isSame(as other: Double) -> Bool {
    self == other || (isNaN && other.isNaN)
  }
}

extension Character {
  /// Whether it can stand inside a name, so that a digit beside it is no number of its own.
  var isPartOfName: Bool { isLetter || isNumber || self == "_" }
}
