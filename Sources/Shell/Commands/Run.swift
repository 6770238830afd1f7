import Interpreter

extension Command {
  static let run = Command(
    name: "run", usage: ":run FILE", summary: "Runs a file in this session."
  ) { argument, shell in
    guard let bytes = FileAccess.bytes(of: argument),
      let text = String(validating: bytes, as: UTF8.self)
    else {
      shell.fail("there is no file \(argument), or it is not UTF-8 text")
      return
    }
    shell.finish(shell.session.run(text, name: argument, isScript: true))
  }
}
