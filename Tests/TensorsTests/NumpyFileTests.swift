import Tensors
import Testing

/// NumPy's files: what is written, and what is refused.
///
/// Files of NumPy itself are read by the scripts.
@Suite struct NumpyFileTests {
  /// A file with this header and so many bytes of elements.
  private func file(_ header: String, bytes: Int = 0, version: UInt8 = 1) -> [UInt8] {
    let length = header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(length & 0xff), UInt8(length >> 8)]
      + Array(header.utf8) + [UInt8](repeating: 0, count: bytes)
  }

  private func header(_ type: String = "'<f8'", order: String = "False", shape: String) -> String {
    "{'descr': \(type), 'fortran_order': \(order), 'shape': \(shape), }"
  }

  private func expect(
    _ bytes: [UInt8], _ error: NumpyFileError, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: sourceLocation) { try NumpyFile.contents(of: bytes) }
  }

  @Test func bytesAreNumPys() {
    let bytes = NumpyFile.bytes(of: Tensor(shape: [2, 1], elements: [1, -0.5]))
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }"
    #expect(bytes.count == 128 + 16)
    #expect(bytes.prefix(10) == [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0])
    let header = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(header == text + String(repeating: " ", count: 117 - text.count) + "\n")
    #expect(bytes.suffix(16) == [0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0xe0, 0xbf])
  }

  @Test(arguments: [[], [0], [5], [0, 3], [2, 3], [2, 1, 3, 1]])
  func everythingIsReadBack(shape: [Int]) throws {
    var random = Random(seed: 1)
    let tensor = Tensor(shape: shape, elements: random.normals(shape.reduce(1, *)))
    let read = try NumpyFile.contents(of: NumpyFile.bytes(of: tensor))
    #expect(read.tensor == tensor && read.isExact)
    let truths = try Tensor.greater(tensor, Tensor(0))
    #expect(try NumpyFile.contents(of: NumpyFile.bytes(of: truths)).tensor == truths)
    #expect(NumpyFile.bytes(of: tensor).count % 64 == tensor.count * 8 % 64)
    let singles = tensor.converted(to: .float32)
    let bytes = NumpyFile.bytes(of: singles)
    #expect(try NumpyFile.contents(of: bytes).tensor == singles)
    #expect(bytes.count % 64 == tensor.count * 4 % 64)
  }

  @Test func bitsOfOddNumbersAreKept() throws {
    let odd = Tensor.vector([-0.0, .infinity, .leastNonzeroMagnitude, .nan])
    let read = try NumpyFile.contents(of: NumpyFile.bytes(of: odd)).tensor
    #expect(read.elements.map(\.bitPattern) == odd.elements.map(\.bitPattern))
  }

  /// 30000 axes make a header of more than 2¹⁶ bytes.
  @Test func manyAxesAreWrittenAndRead() throws {
    let tensor = Tensor(shape: Array(repeating: 1, count: 30_000), elements: [7])
    let bytes = NumpyFile.bytes(of: tensor)
    #expect(bytes[6] == 2)
    #expect(try NumpyFile.contents(of: bytes).tensor == tensor)
  }

  @Test func headersMayBeWrittenOtherwise() throws {
    let spaced = "  {\"shape\" :( 2L ,1L ),'fortran_order':True , \"descr\":\"|i1\"}\n"
    let read = try NumpyFile.contents(of: file(spaced, bytes: 2)).tensor
    #expect(read == Tensor(shape: [2, 1], elements: [0, 0]))
    #expect(try NumpyFile.contents(of: file(header(shape: "()"), bytes: 8)).tensor == Tensor(0))
  }

  @Test func otherFilesAreRefused() {
    expect([], .notNumpy)
    expect(Array("PK\u{3}\u{4}".utf8), .notNumpy)
    expect([0x93] + Array("NUMPY".utf8), .notNumpy)
    expect(file("{}", version: 4), .version(4))
    expect(file("{}", version: 0), .version(0))
  }

  @Test func sizesAreCheckedBeforeAnythingIsMade() {
    expect(file(header(shape: "(1000000000, 1000)")), .tooLarge(elements: 1e12))
    expect(file(header(shape: "(0, 1000000000)")), .tooLarge(elements: 0))
    expect(file(header(shape: "(99999999999999999999,)")), .tooLarge(elements: .infinity))
    expect(file(header(shape: "(3,)"), bytes: 23), .length(wanted: 24, found: 23))
    expect(file(header(shape: "(3,)"), bytes: 25), .length(wanted: 24, found: 25))
    expect(Array(file(header(shape: "(3,)")).prefix(30)), .headerEndsEarly)
    expect(Array(file("", version: 2).prefix(10)), .headerEndsEarly)
  }

  @Test func headersThatSaySomethingElseAreRefused() {
    expect(file("[]"), .header("[]"))
    expect(file(""), .header(""))
    expect(file("{'descr': '<f8', 'shape': (1,), }"), .header("fortran_order"))
    expect(file("{'shape': (1,), 'shape': (1,), }"), .header("shape"))
    expect(file("{'order': 1, }"), .header("order"))
    expect(file(header(shape: "(-1,)")), .header("-1,), }"))
    expect(file(header(shape: "(2")), .header("}"))
    expect(file(header(order: "Maybe", shape: "(1,)")), .header("Maybe, 'shape': (1,)"))
    expect(file(header(shape: "(1,)") + "x"), .header("x"))
    expect(file("{'descr: "), .header("'descr: "))
    for type in ["O", "<c16", "<U5", "<f2", ">f16", "i3", "f", "<", "", "M8[ns]"] {
      expect(file(header("'\(type)'", shape: "(1,)")), .elementType(type))
    }
    expect(file(header("[('a', '<f8')]", shape: "(1,)")), .elementType("record"))
  }

  @Test func noPrefixAndNoChangedByteIsATrap() throws {
    let whole = NumpyFile.bytes(of: Tensor(shape: [2, 2], elements: [1, 2, 3, 4]))
    for length in whole.indices {
      #expect(throws: NumpyFileError.self) { try NumpyFile.contents(of: Array(whole[..<length])) }
    }
    for place in 0..<128 {
      for byte in [UInt8(0), 0x28, 0x39, 0xff] {
        var changed = whole
        changed[place] = byte
        if let read = try? NumpyFile.contents(of: changed) { #expect(read.tensor.count == 4) }
      }
    }
  }
}

@Suite struct ShortestDecimalTests {
  @Test func wholeNumbersArePlain() {
    #expect(3.0.shortestDecimal == "3")
    #expect((-17.0).shortestDecimal == "-17")
    #expect(0.0.shortestDecimal == "0")
    #expect((-0.0).shortestDecimal == "-0.0")
    #expect(9_007_199_254_740_991.0.shortestDecimal == "9007199254740991")
  }

  @Test func exponentsHaveNoOrnaments() {
    #expect(1e-7.shortestDecimal == "1e-7")
    #expect(1e300.shortestDecimal == "1e300")
    #expect(Double.leastNonzeroMagnitude.shortestDecimal == "5e-324")
    #expect(0.1.shortestDecimal == "0.1")
    #expect(Double.nan.shortestDecimal == "nan" && (-Double.infinity).shortestDecimal == "-inf")
  }

  @Test func everyNumberReadsBackToItsBits() {
    var random = Random(seed: 3)
    for i in 0..<10_000 {
      // Any bit pattern, and numbers of everyday size.
      let number = i % 2 == 0 ? Double(bitPattern: random.word()) : random.normal()
      guard number.isFinite else { continue }
      #expect(Double(number.shortestDecimal)?.bitPattern == number.bitPattern)
    }
  }
}
