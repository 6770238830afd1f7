import Foundation
import Testing

/// Files that are no programs, or far too much of one: the program says so and ends with status 1.
@Suite struct HostileInputTests {
  private let mlrepl: Program

  init() throws { mlrepl = try Program("mlrepl") }

  private func run(_ bytes: Data) throws -> Program.Result {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).mlr")
    try bytes.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try mlrepl.run([file.path])
  }

  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  @Test(arguments: [
    ("deep brackets", repeated("(", 100_000) + "1" + repeated(")", 100_000), "nested more than"),
    ("open brackets", repeated("[", 100_000), "this [ is never closed"),
    ("a long sum", "x = 1" + repeated(" + 1", 250_000), "operators stand in a row"),
    ("a long open list", "x = [" + repeated("1, ", 300_000), "this [ is never closed"),
    ("a long line of nonsense", repeated("x = 1 $ ", 100_000), "this character has no meaning"),
    ("a NUL byte", "x = 1\u{0}\nprint(x)", "a control character stands here"),
    ("a mark inside", "x = 1\n\u{feff}print(x)", "a character that cannot be seen stands here"),
  ])
  func nonsenseIsTold(_ name: String, text: String, message: String) throws {
    let result = try run(Data(text.utf8))
    #expect(result.error.hasPrefix("error: "), "\(name)")
    #expect(result.error.contains(message), "\(name): \(result.error.prefix(300))")
    #expect(result.error.utf8.count < 10_000)
    #expect(result.status == 1)
  }

  @Test func textThatIsNotUTF8IsTold() throws {
    for bytes in [[0x78, 0xff, 0xfe], [0xff, 0xfe, 0x31, 0x00], [0xc3]] as [[UInt8]] {
      let result = try run(Data(bytes))
      #expect(result.error.hasSuffix("is not UTF-8 text\n"))
      #expect(result.status == 1)
    }
  }

  @Test func byteOrderMarkAndCarriageReturnsAreNoErrors() throws {
    let result = try run(Data("\u{feff}x = [1,\r\n 2]\r\nprint(x)\r\n".utf8))
    #expect(result.output == "[1, 2]\n")
    #expect(result.status == 0)
  }

  /// Functions that refer to one another would fill the memory several times over.
  @Test func localRecursionLeavesNothingBehind() throws {
    let text = """
      def parity(n) {
        def even(k) = true if k == 0 else odd(k - 1)
        def odd(k) = false if k == 0 else even(k - 1)
        even(n)
      }
      for k in 0:200000 { parity(1) }
      print("done")
      """
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).mlr")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try mlrepl.run(["--max-memory", "80MB", file.path]).output == "done\n")
  }

  @Test func longListsAreValues() throws {
    let list = "x = [\(Self.repeated("1, ", 200_000))]\nprint(len(x), sum(x))"
    #expect(try run(Data(list.utf8)).output == "200000 200000\n")
    let text = "print(len(\"\(Self.repeated("a", 2_000_000))\"))"
    #expect(try run(Data(text.utf8)).output == "2000000\n")
  }

  @Test func moreThan64MegabytesIsRefusedUnread() throws {
    let limit = 64 << 20
    let file = try run(Data(repeating: UInt8(ascii: " "), count: limit + 1))
    #expect(file.error.hasSuffix(".mlr is larger than 64 MB\n"))
    #expect(file.status == 1)
    let input = try mlrepl.run([], input: Self.repeated(" ", limit + 1))
    #expect(input.error == "error: standard input is larger than 64 MB\n")
    #expect(input.status == 1)
    let endless = try mlrepl.run(["/dev/zero"])
    #expect(endless.error == "error: /dev/zero is larger than 64 MB\n")
    let tested = try mlrepl.run(["test", "/dev/zero"])
    #expect(tested.status == 1)
  }

  @Test func secondInterruptEndsALongComputation() throws {
    let result = try mlrepl.run(
      ["-e", "tightness(contrastive, zeros(1e6, 2), zeros(1e6))"], interruptAfter: 0.5)
    #expect(result.status == 130)
    #expect(result.error.hasPrefix("error: interrupted"))
  }

  /// Losses of pairs, of triplets, and of two sweeps.
  @Test(arguments: ["nca()", "triplet(smooth=true)", "lifted()", "angular()"])
  func interruptEndsALoss(_ loss: String) throws {
    let program = "z = randn(3e4, 2)\ny = arange(3e4) % 2\n\(loss)(z, y)"
    let result = try mlrepl.run(["-e", program], interruptAfter: 1)
    #expect(result.status == 130)
    #expect(result.error.hasPrefix("error: interrupted"))
  }
}
