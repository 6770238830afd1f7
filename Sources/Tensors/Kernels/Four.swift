// Four neighbours in one register. Swift neither reorders nor fuses vector arithmetic, so results do
// not depend on how wide the processor's registers are.

extension UnsafeBufferPointer where Element: SIMDScalar {
  /// The four elements from `i`.
  @inline(__always)
  func four(at i: Int) -> SIMD4<Element> {
    SIMD4(self[i], self[i &+ 1], self[i &+ 2], self[i &+ 3])
  }
}

extension UnsafeMutableBufferPointer where Element: SIMDScalar {
  /// Writes the four elements from `i`.
  @inline(__always)
  func set(four: SIMD4<Element>, at i: Int) {
    self[i] = four[0]
    self[i &+ 1] = four[1]
    self[i &+ 2] = four[2]
    self[i &+ 3] = four[3]
  }
}
