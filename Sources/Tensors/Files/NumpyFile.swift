/// NumPy's file format for one array, `.npy`: versions 1.0 to 3.0.
///
/// A magic word, the version, the length of a header, the header, which is a Python dictionary of
/// type, order and shape, and the elements without gaps.
public enum NumpyFile {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The elements start at a multiple of this.
  private static let alignment = 64

  /// An array that was read.
  public struct Contents: Sendable {
    /// The numbers: float32 where the file has such, masks where it has truth values, else float64.
    public let tensor: Tensor
    /// Whether all fit: whole numbers from 2⁵³ on may be rounded.
    public let isExact: Bool
  }

  /// The array in the bytes of a file.
  ///
  /// Elements may be truth values, whole numbers of 8 to 64 bits or floating-point numbers of 32 or
  /// 64 bits, in either byte order and row by row or column by column.
  /// - Throws: `NumpyFileError`.
  public static func contents(of bytes: [UInt8]) throws(NumpyFileError) -> Contents {
    guard bytes.starts(with: magic), bytes.count >= 10 else { throw .notNumpy }
    let version = bytes[6]
    guard (1...3).contains(version) else { throw .version(Int(version)) }
    let start = version == 1 ? 10 : 12
    guard bytes.count >= start else { throw .headerEndsEarly }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - start else { throw .headerEndsEarly }
    let header = try NumpyHeader(bytes[start..<start + length])
    let count: Int
    do throws(TensorError) {
      count = try Shape.count(header.shape)
    } catch {
      throw .tooLarge(elements: header.shape.reduce(1) { $0 * Double($1) })
    }
    let (wanted, found) = (count * header.element.size, bytes.count - start - length)
    guard wanted == found else { throw .length(wanted: wanted, found: found) }
    let elements = header.element.numbers(in: bytes, from: start + length, count: count)
    let tensor = Tensor(
      shape: header.isColumnMajor ? header.shape.reversed() : header.shape, elements: elements,
      dtype: header.element.dtype)
    return Contents(
      tensor: header.isColumnMajor ? tensor.transposed() : tensor,
      isExact: header.element.isExact || elements.allSatisfy { $0.magnitude < 0x1p53 })
  }

  /// The bytes of a file of version 1.0 with `tensor`, row by row, in its dtype.
  public static func bytes(of tensor: Tensor) -> [UInt8] {
    let (type, width) =
      switch tensor.dtype {
      case .float64: ("<f8", 8)
      case .float32: ("<f4", 4)
      case .bool: ("|b1", 1)
      }
    let lengths = tensor.shape.map { "\($0)," }.joined(separator: " ")
    let shape = tensor.rank > 1 ? String(lengths.dropLast()) : lengths
    var header =
      "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape)), }"
    let total = magic.count + 4 + header.utf8.count + 1
    header += String(repeating: " ", count: (alignment - total % alignment) % alignment) + "\n"
    let length = header.utf8.count
    // Of shapes with thousands of axes the header is too long for the two bytes of version 1.
    let isLong = length > Int(UInt16.max)
    var bytes = magic + [isLong ? 2 : 1, 0, UInt8(length & 0xff), UInt8(length >> 8 & 0xff)]
    if isLong { bytes += [UInt8(length >> 16 & 0xff), UInt8(length >> 24 & 0xff)] }
    bytes += Array(header.utf8)
    bytes.reserveCapacity(bytes.count + tensor.count * width)
    switch tensor.dtype {
    case .float64:
      for element in tensor.elements {
        withUnsafeBytes(of: element.bitPattern.littleEndian) { bytes += $0 }
      }
    case .float32:
      for element in tensor.singles {
        withUnsafeBytes(of: element.bitPattern.littleEndian) { bytes += $0 }
      }
    case .bool:
      for element in tensor.elements { bytes.append(element != 0 ? 1 : 0) }
    }
    return bytes
  }
}

/// Why a file cannot be read as an array.
public enum NumpyFileError: Error, Sendable, Equatable {
  /// It does not begin as such files do.
  case notNumpy
  /// A version of the format that is not known.
  case version(Int)
  /// The file ends within its header.
  case headerEndsEarly
  /// The header is not written as NumPy writes it; the part that is not.
  case header(String)
  /// Elements of a type that are no numbers, in NumPy's spelling.
  case elementType(String)
  /// More elements than a tensor may have.
  case tooLarge(elements: Double)
  /// Another number of bytes than the shape says.
  case length(wanted: Int, found: Int)
}
