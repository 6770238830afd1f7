import Foundation
import Testing

/// Where the system gives few addresses, the program still starts and says what is too much.
@Suite(.enabled(if: !Program.isSanitized)) struct FewAddressesTests {
  @Test func programRunsWithFourHundredMegabytesOfAddresses() throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", "ulimit -v 400000 && exec \"$0\" -e 'def f(n) = n if n < 1 else 1 + f(n - 1); f(1000)'",
      try Program("mlrepl").path,
    ]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(text == "1000\n")
    #expect(process.terminationStatus == 0)
  }
}
