import Interpreter
import Plots

let session = Session()
let renderer = ReplyRenderer()
let code = CommandLine.arguments.dropFirst().joined(separator: "\n")
let reply = session.run(code)
print(renderer.transcript(reply), terminator: "")
for case .notice(let n) in reply.outputs { print("notice:", n) }
if let d = reply.diagnostic { print(renderer.diagnostic(d)) }
