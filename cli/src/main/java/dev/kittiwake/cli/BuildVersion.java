package dev.kittiwake.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that was built, and the Java that runs it. */
final class BuildVersion implements IVersionProvider {
  static final String VERSION = "0.1.0";

  @Override
  public String[] getVersion() {
    return new String[] {
      "Kittiwake "
          + VERSION
          + " on Java "
          + System.getProperty("java.version")
          + " ("
          + System.getProperty("os.arch")
          + ")"
    };
  }
}
