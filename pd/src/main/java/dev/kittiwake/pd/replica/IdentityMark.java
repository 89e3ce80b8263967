package dev.kittiwake.pd.replica;

import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The mark in a data directory: one line that says whose it is. Format 1 had the member's id only,
 * format 2 all but the list of the first members.
 */
final class IdentityMark {
  private static final Pattern FORMAT_1 = Pattern.compile("pd member (\\d+) format 1\n");
  private static final Pattern LATER =
      Pattern.compile(
          "pd member (\\d+) format (?:2|3) incarnation (\\d+) founding (\\d+) cluster (\\d+)"
              + " (founder|joined) name (\\S*)(?: founders (\\S*))?\n");

  private IdentityMark() {}

  static String write(Identity identity) {
    return "pd member "
        + Long.toUnsignedString(identity.memberId())
        + " format 3 incarnation "
        + Long.toUnsignedString(identity.incarnation())
        + " founding "
        + Long.toUnsignedString(identity.founding())
        + " cluster "
        + Long.toUnsignedString(identity.clusterId())
        + (identity.joined() ? " joined" : " founder")
        + " name "
        + identity.name()
        + " founders "
        + identity.founders().entrySet().stream()
            .map(founder -> founder.getKey() + "=" + founder.getValue())
            .collect(Collectors.joining(","))
        + "\n";
  }

  /**
   * @throws PdStorageException if the line is not one of ours
   */
  static Identity read(Path directory, String line) {
    Matcher first = FORMAT_1.matcher(line);
    if (first.matches()) {
      return new Identity(Long.parseUnsignedLong(first.group(1)), "", 0, 0, 0, false, founders(""));
    }
    Matcher second = LATER.matcher(line);
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
        second.group(5).equals("joined"),
        founders(second.group(7) == null ? "" : second.group(7)));
  }

  private static SortedMap<String, String> founders(String list) {
    SortedMap<String, String> founders = new TreeMap<>();
    if (!list.isEmpty()) {
      for (String founder : list.split(",", -1)) {
        int at = founder.indexOf('=');
        founders.put(founder.substring(0, at), founder.substring(at + 1));
      }
    }
    return founders;
  }
}
