package dev.kittiwake.cli;

/** An address as people write it, {@code host:port}. */
record HostAndPort(String host, int port) {
  static HostAndPort parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port >= 0 && port <= 65_535) {
        return new HostAndPort(text.substring(0, colon), port);
      }
    } catch (NumberFormatException notANumber) {
      // told below
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not an address: write host:port, e.g. 127.0.0.1:4000");
  }
}
