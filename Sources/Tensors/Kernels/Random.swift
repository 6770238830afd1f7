/// The program's one generator of random numbers: xoshiro256++, the same on every machine.
///
/// Nothing here calls the C library: equal seeds give equal bits everywhere.
public struct Random: Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// A generator whose state is four outputs of SplitMix64 started at `seed`.
  public init(seed: UInt64) {
    var mixer = SplitMix64(state: seed)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// A generator of its own for whatever is called `name`: a model and a data set of one seed
  /// share no draws.
  public init(seed: UInt64, name: String) {
    self.init(seed: seed ^ fnv1a64(name))
  }

  /// The next 64 random bits.
  public mutating func word() -> UInt64 {
    let result = rotated(state.0 &+ state.3, by: 23) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, by: 45)
    return result
  }

  /// A number evenly from [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double {
    Double(word() >> 11) * 0x1p-53
  }

  /// A number from the standard normal distribution, one word each.
  public mutating func normal() -> Double {
    normalQuantile((Double(word() >> 12) + 0.5) * 0x1p-52)
  }

  /// A whole number of [low, high), evenly: `low + ⌊u·(high − low)⌋`.
  public mutating func whole(from low: Double, below high: Double) -> Double {
    low + (uniform() * (high - low)).rounded(.down)
  }

  /// The numbers below `count` in random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<max(0, count))
    for i in order.indices.dropFirst().reversed() {
      order.swapAt(i, Int((uniform() * Double(i + 1)).rounded(.down)))
    }
    return order
  }

  /// `count` numbers of `uniform()`, in order.
  public mutating func uniforms(_ count: Int) -> [Double] {
    drawn(count) { $0.uniform() }
  }

  /// `count` numbers of `normal()`, in order.
  public mutating func normals(_ count: Int) -> [Double] {
    drawn(count) { $0.normal() }
  }

  private mutating func drawn(_ count: Int, _ draw: (inout Random) -> Double) -> [Double] {
    let count = max(0, count)
    var generator = self
    defer { self = generator }
    return Buffer.array(of: Double.self, count: count) { numbers in
      Stopping.chunks(count) { range in
        for i in range { numbers.initializeElement(at: i, to: draw(&generator)) }
      }
    }
  }
}

/// The 64-bit FNV-1a hash of a name's UTF-8 bytes.
public func fnv1a64(_ name: String) -> UInt64 {
  name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}

/// The generator that spreads a seed over a larger state.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

private func rotated(_ word: UInt64, by bits: UInt64) -> UInt64 {
  (word << bits) | (word >> (64 - bits))
}
