package dev.kittiwake.simulation.mutant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A planted bug: one place of one file of production code, written differently.
 *
 * @param breaks what is wrong then
 * @param file from the project's root
 * @param killedBy simple names of scenario tests, and ranges of seeds, one of which must fail
 */
record Mutant(
    String name, String breaks, String file, List<String> killedBy, String before, String after) {
  private static final String BEFORE = "--- before\n";
  private static final String AFTER = "--- after\n";

  static List<Mutant> all(Path directory) throws IOException {
    List<Mutant> all = new ArrayList<>();
    try (var files = Files.list(directory)) {
      for (Path file :
          files.filter(each -> each.toString().endsWith(".mutant")).sorted().toList()) {
        all.add(read(file));
      }
    }
    return all;
  }

  private static Mutant read(Path file) throws IOException {
    String text = Files.readString(file);
    int before = text.indexOf(BEFORE);
    int after = text.indexOf(AFTER);
    if (before < 0 || after < before) {
      throw new IllegalArgumentException(file + " has no --- before and --- after");
    }
    String head = text.substring(0, before);
    return new Mutant(
        file.getFileName().toString().replace(".mutant", ""),
        entry(head, "breaks", file),
        entry(head, "file", file),
        List.of(entry(head, "killed by", file).split(" ")),
        text.substring(before + BEFORE.length(), after),
        text.substring(after + AFTER.length()));
  }

  private static String entry(String head, String key, Path file) {
    return head.lines()
        .filter(line -> line.startsWith(key + ": "))
        .map(line -> line.substring(key.length() + 2).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(file + " has no line \"" + key + ": …\""));
  }

  /**
   * @throws IllegalStateException if the place is gone or there are several: the mutant has to
   *     follow the code
   */
  String applyTo(String source) {
    int at = source.indexOf(before);
    if (at < 0 || source.indexOf(before, at + 1) >= 0) {
      throw new IllegalStateException(
          "mutant " + name + ": its place is " + (at < 0 ? "gone from " : "twice in ") + file);
    }
    return source.substring(0, at) + after + source.substring(at + before.length());
  }

  @Override
  public String toString() {
    return name;
  }
}
