import CShippedData

/// Real data sets that are part of the program.
extension Dataset {
  /// Fisher's irises: 150 flowers, 4 measures in cm, 3 species of 50.
  public static func iris() throws(CSVError) -> Dataset {
    try shipped(
      "iris", mlrepl_iris_csv_bytes(), mlrepl_iris_csv_size,
      names: ["setosa", "versicolor", "virginica"])
  }

  /// Wines of three cultivars: 178 rows, 13 measures of very different scales.
  public static func wine() throws(CSVError) -> Dataset {
    try shipped("wine", mlrepl_wine_csv_bytes(), mlrepl_wine_csv_size)
  }

  /// Handwritten digits: 1797 images of 8×8 pixels from 0 to 16.
  public static func digits() throws(CSVError) -> Dataset {
    try shipped("digits", mlrepl_digits_csv_bytes(), mlrepl_digits_csv_size)
  }

  private static func shipped(
    _ name: String, _ bytes: UnsafePointer<UInt8>, _ count: Int, names: [String]? = nil
  ) throws(CSVError) -> Dataset {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let dataset = try CSVReader.read(text, name: name)
    return Dataset(
      x: dataset.x, y: dataset.y, classes: dataset.classes, names: names ?? dataset.names,
      name: name, columns: dataset.columns)
  }
}
