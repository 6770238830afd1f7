import Foundation

/// A Python process that answers requests line by line, so that its modules are loaded once.
final class PythonPeer {
  private let process = Process()
  private let requests = Pipe()
  private let replies = Pipe()
  private var received = Data()

  /// The versions of the modules it has, by name; asked for when first needed, since they take
  /// seconds to load.
  private(set) lazy var versions: [Substring: Substring] = {
    let pairs = (nextLine() ?? "").split(separator: " ").map { $0.split(separator: "=") }
    return Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { $1 }
  }()

  /// Starts a script with a number of threads; nil where there is no Python.
  init?(script: String, threads: Int) {
    guard let path = Peer.paths(of: Peer.pythons(["python3"])).first else { return nil }
    // A peer that ended is told by its silence.
    signal(SIGPIPE, SIG_IGN)
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["-W", "ignore", script, "\(threads)"]
    process.standardInput = requests
    process.standardOutput = replies
    guard (try? process.run()) != nil else { return nil }
  }

  private static let threadCounts = Set([1, ProcessInfo.processInfo.activeProcessorCount]).sorted()

  /// How many threads the processes below have, in words.
  static var threadWords: String {
    threadCounts.map(String.init).joined(separator: " or ")
      + (threadCounts.last == 1 ? " thread" : " threads")
  }

  /// A process with one thread and one with as many as there are cores.
  static func withOneAndAllThreads(script: String) -> [PythonPeer] {
    threadCounts.compactMap { PythonPeer(script: script, threads: $0) }
  }

  /// The seconds it answers with.
  func seconds(_ request: String) -> Double? { numbers("seconds \(request)").first }

  /// The numbers it answers with; none where it could not.
  func numbers(_ request: String) -> [Double] {
    guard let reply = answer(request) else { return [] }
    if reply.hasPrefix("-"), Double(reply.prefix { $0 != " " }) == nil {
      Streams.error("warning: the peer cannot do \(request.prefix(60)): \(reply.dropFirst(2))\n")
      return []
    }
    return reply.split(separator: " ").compactMap { Double($0) }
  }

  private func answer(_ request: String) -> String? {
    guard !versions.isEmpty else { return nil }
    let line = Data((request + "\n").utf8)
    guard (try? requests.fileHandleForWriting.write(contentsOf: line)) != nil else { return nil }
    return nextLine()
  }

  private func nextLine() -> String? {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeSubrange(...end) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      let data = replies.fileHandleForReading.availableData
      guard !data.isEmpty else { return nil }
      received.append(data)
    }
  }
}

/// A module of Python as a column of a table, in processes that differ in their threads.
struct PeerModule {
  /// What it is called: `NumPy 2.4.6`, or `NumPy: none`.
  let title: String
  private let peers: [PythonPeer]

  init(_ title: String, _ module: String, in peers: [PythonPeer]) {
    self.peers = peers.filter { $0.versions[module[...]] != nil }
    self.title =
      self.peers.first?.versions[module[...]].map { "\(title) \($0)" } ?? "\(title): none"
  }

  /// Its answers to one request, to be had in turns.
  func seconds(_ request: String) -> [() -> Double?] {
    peers.map { peer in { peer.seconds(request) } }
  }

  /// Gives every process the data of a program.
  func give(_ data: String) { for peer in peers { _ = peer.numbers("data \(data)") } }

  /// Says so where its numbers are not ours.
  func compare(_ request: String, with numbers: [Double], tolerance: Double) {
    guard let theirs = peers.first?.numbers("value \(request)"), !theirs.isEmpty else { return }
    let scale = 1 + numbers.reduce(0) { max($0, abs($1)) }
    let isClose = zip(numbers, theirs).allSatisfy { abs($0 - $1) <= tolerance * scale }
    guard numbers.count != theirs.count || !isClose else { return }
    Streams.error(
      "warning: \(request) gives \(numbers.prefix(4)) here, \(theirs.prefix(4)) in \(title)\n")
  }
}
