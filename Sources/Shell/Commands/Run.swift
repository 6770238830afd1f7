import Interpreter

extension Command {
  static let run = Command(
    name: "run", usage: ":run FILE", summary: "Runs a file in this session."
  ) { argument, shell in
    do throws(ProgramText.Unreadable) {
      let text = try ProgramText.read(argument)
      shell.finish(shell.session.run(text, name: argument, isScript: true))
    } catch {
      shell.fail(error.message(argument))
    }
  }
}
