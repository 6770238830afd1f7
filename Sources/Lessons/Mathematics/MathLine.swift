/// A line of mathematics under construction: each piece is set beside the last with the room both
/// ask for.
struct MathLine {
  private(set) var text = ""
  private var last: MathSymbol.Kind?
  private var isLastWord = false
  private var isOpenEnded = false
  private var blanks = 0

  /// Asks for at least so many blanks before the next piece.
  mutating func leaveBlank(_ count: Int) { blanks = max(blanks, count) }

  /// Adds a piece.
  ///
  /// - Parameters:
  ///   - piece: the characters.
  ///   - kind: what they are to their neighbours; a binary sign without a left operand is turned
  ///     into a sign of what follows.
  ///   - isOpenEnded: whether a letter right after it would be read as part of it, as after `e^(x)`.
  mutating func append(_ piece: String, _ kind: MathSymbol.Kind, isOpenEnded: Bool = false) {
    guard !piece.isEmpty else { return }
    let isSign = kind == .binary && (last.map(expectsOperand) ?? true)
    let kind = isSign ? .ordinary : kind
    let isWord = Self.isWord(piece)
    if !text.isEmpty {
      var room = wantsRoom(before: kind) && !clings(piece) ? 1 : 0
      if room == 0, touches(piece, isWord: isWord) { room = 1 }
      room = max(room, blanks)
      text += String(repeating: " ", count: room)
    }
    text += piece
    last = isSign ? nil : kind
    isLastWord = isWord
    self.isOpenEnded = isOpenEnded
    blanks = 0
  }

  /// Adds words that bring their own blanks.
  mutating func append(words: String) {
    let isSpaced = words.first == " "
    let isTouching =
      !isSpaced && (text.last.map { $0.isLetter || $0.isNumber || $0 == ")" } ?? false)
    if last == .relation || last == .binary || last == .punctuation || isTouching || blanks > 0 {
      if !isSpaced { text += String(repeating: " ", count: max(1, blanks)) }
    }
    text += text.last == " " ? String(words.drop { $0 == " " }) : words
    last = .ordinary
    isLastWord = words.last != " "
    isOpenEnded = isLastWord
    blanks = 0
  }

  private func expectsOperand(_ kind: MathSymbol.Kind) -> Bool {
    switch kind {
    case .binary, .relation, .opening, .punctuation, .largeOperator, .function: true
    case .ordinary, .closing, .fraction, .name: false
    }
  }

  private func wantsRoom(before kind: MathSymbol.Kind) -> Bool {
    switch (last, kind) {
    case (_, .closing), (_, .punctuation): false
    case (_, .relation), (_, .binary), (.relation?, _), (.binary?, _): true
    case (.punctuation?, _), (.largeOperator?, _): true
    case (.function?, .opening), (.name?, .opening): isOpenEnded && text.last == ")"
    case (.function?, _), (.name?, _): true
    case (nil, _), (.opening?, _): false
    case (_, .largeOperator), (_, .function), (_, .name), (_, .fraction): true
    case (.fraction?, _): true
    case (.ordinary?, _), (.closing?, _): false
    }
  }

  /// Whether the piece is the end of a sentence or a factorial: it stays with what is before it.
  private func clings(_ piece: String) -> Bool {
    guard piece == "." || piece == "!" else { return false }
    return last == .ordinary || last == .closing || last == .fraction
  }

  /// Whether the piece starts with several letters or an ASCII index, and must not run into a letter.
  ///
  /// Raised and lowered letters are no letters here.
  private static func isWord(_ piece: String) -> Bool {
    guard let first = piece.first, first.isLetter, let second = piece.dropFirst().first,
      let scalar = second.unicodeScalars.first
    else { return false }
    return second == "_"
      || (second.isLetter && scalar.properties.generalCategory != .modifierLetter)
  }

  /// Whether two neighbours would be read as one word.
  private func touches(_ piece: String, isWord: Bool) -> Bool {
    guard let first = piece.first, let end = text.last, first.isLetter || first.isNumber else {
      return false
    }
    if isOpenEnded { return true }
    return (isWord || isLastWord) && (end.isLetter || end.isNumber)
  }
}
