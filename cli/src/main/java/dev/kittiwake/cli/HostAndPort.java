package dev.kittiwake.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** An address as people write it, {@code host:port}. */
record HostAndPort(String host, int port) {
  /**
   * Refuses, as wrong usage of the command, what is no address; http:// may stand before it.
   *
   * @throws ParameterException one line with the text
   */
  static void check(CommandSpec of, String text) {
    try {
      parse(text.replaceFirst("^https?://", ""));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(of.commandLine(), e.getMessage(), e);
    }
  }

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
