import Interpreter

extension Command {
  static let time = Command(
    name: "time", usage: ":time EXPR", summary: "Runs a cell and says how long it took."
  ) { argument, shell in
    guard !argument.isEmpty else {
      shell.fail("there is nothing to time", "Write :time ms(blobs(300)).")
      return
    }
    let start = ContinuousClock.now
    shell.runCell(argument)
    let elapsed = (ContinuousClock.now - start).components
    let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    shell.write("\(Formatting.number(seconds, precision: 3)) s\n")
  }
}
