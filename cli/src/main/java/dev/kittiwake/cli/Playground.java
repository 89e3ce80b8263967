package dev.kittiwake.cli;

/** What clients of a playground on this machine need to know. */
final class Playground {
  static final int PD_PORT = 2379;
  static final int KV_PORT = 20160;
  static final int SQL_PORT = 4000;
  static final String PD_ENDPOINT = "127.0.0.1:2379";
  static final String DEFAULT_URL = "jdbc:kittiwake://127.0.0.1:2379/public";

  private Playground() {}
}
