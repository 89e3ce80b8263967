package dev.kittiwake.jdbc;

/** Names and version of driver and database; a test compares them with the build's. */
final class DriverVersion {
  static final String PRODUCT = "Kittiwake";
  static final String DRIVER = "Kittiwake JDBC driver";
  static final int MAJOR = 0;
  static final int MINOR = 1;
  static final String TEXT = MAJOR + "." + MINOR + ".0";

  private DriverVersion() {}
}
