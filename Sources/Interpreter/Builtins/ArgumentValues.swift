/// The values of a builtin's parameters: the first few without an array, as most calls have few.
struct ArgumentValues {
  private var first = Value.undefined
  private var second = Value.undefined
  private var third = Value.undefined
  private var fourth = Value.undefined
  private var others: [Value] = []
  private(set) var count = 0

  init() {}

  init(_ values: [Value]) {
    for value in values { append(value) }
  }

  @inline(__always)
  mutating func append(_ value: Value) {
    switch count {
    case 0: first = value
    case 1: second = value
    case 2: third = value
    case 3: fourth = value
    default: others.append(value)
    }
    count += 1
  }

  /// Whether one of the values is a number or tensor on a tape.
  @inline(__always)
  var containFollowed: Bool {
    first.isOnTape || second.isOnTape || third.isOnTape || fourth.isOnTape
      || others.contains(where: \.isOnTape)
  }

  /// - Precondition: `index` is that of a parameter.
  subscript(_ index: Int) -> Value {
    @inline(__always)
    get {
      switch index {
      case 0: first
      case 1: second
      case 2: third
      case 3: fourth
      default: others[index - 4]
      }
    }
    set {
      switch index {
      case 0: first = newValue
      case 1: second = newValue
      case 2: third = newValue
      case 3: fourth = newValue
      default: others[index - 4] = newValue
      }
    }
  }
}

extension Value {
  /// Whether it is a number or tensor that a tape follows, or followed.
  @inline(__always)
  fileprivate var isOnTape: Bool { if case .traced = self { true } else { false } }

  /// Whether it is a number, a truth value or a tensor that no tape follows.
  var isPlainNumbers: Bool {
    switch self {
    case .number, .single, .bool, .tensor: true
    default: false
    }
  }
}
