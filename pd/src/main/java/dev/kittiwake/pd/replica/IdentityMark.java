package dev.kittiwake.pd.replica;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mark in a data directory: one line that says whose it is. Format 1 had the member's id only.
 */
final class IdentityMark {
  private static final Pattern FORMAT_1 = Pattern.compile("pd member (\\d+) format 1\n");
  private static final Pattern FORMAT_2 =
      Pattern.compile(
          "pd member (\\d+) format 2 incarnation (\\d+) founding (\\d+) cluster (\\d+)"
              + " (founder|joined) name (\\S*)\n");

  private IdentityMark() {}

  static String write(Identity identity) {
    return "pd member "
        + Long.toUnsignedString(identity.memberId())
        + " format 2 incarnation "
        + Long.toUnsignedString(identity.incarnation())
        + " founding "
        + Long.toUnsignedString(identity.founding())
        + " cluster "
        + Long.toUnsignedString(identity.clusterId())
        + (identity.joined() ? " joined" : " founder")
        + " name "
        + identity.name()
        + "\n";
  }

  /**
   * @throws PdStorageException if the line is not one of ours
   */
  static Identity read(Path directory, String line) {
    Matcher first = FORMAT_1.matcher(line);
    if (first.matches()) {
      return new Identity(Long.parseUnsignedLong(first.group(1)), "", 0, 0, 0, false);
    }
    Matcher second = FORMAT_2.matcher(line);
    if (!second.matches()) {
      throw new PdStorageException(
          "data directory "
              + directory
              + " belongs to \""
              + line.strip()
              + "\", not to a member of pd: choose another directory, or start the newer program");
    }
    return new Identity(
        Long.parseUnsignedLong(second.group(1)),
        second.group(6),
        Long.parseUnsignedLong(second.group(2)),
        Long.parseUnsignedLong(second.group(3)),
        Long.parseUnsignedLong(second.group(4)),
        second.group(5).equals("joined"));
  }
}
