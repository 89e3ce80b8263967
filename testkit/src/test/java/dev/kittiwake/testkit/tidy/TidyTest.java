package dev.kittiwake.testkit.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The house rules that neither the compiler nor another tool checks: who may import whom, names,
 * chapters, and that the documents cite files that exist. Reads the sources as text.
 */
class TidyTest {
  private static final Path ROOT = root();

  /**
   * Module to its root package, and what it may import of ours besides itself; arrows only go down.
   */
  private static final Map<String, Rule> RULES =
      new TreeMap<>(
          Map.ofEntries(
              rule("proto", "dev.kittiwake.proto"),
              rule("testkit", "dev.kittiwake.testkit"),
              rule("raft", "dev.kittiwake.raft"),
              rule("txn", "dev.kittiwake.txn", "dev.kittiwake.proto.key"),
              rule("client", "dev.kittiwake.client", "dev.kittiwake.proto"),
              rule("pd", "dev.kittiwake.pd", "dev.kittiwake.proto", "dev.kittiwake.raft"),
              rule(
                  "kv-server",
                  "dev.kittiwake.kv",
                  "dev.kittiwake.proto",
                  "dev.kittiwake.raft",
                  "dev.kittiwake.txn",
                  "dev.kittiwake.client"),
              rule(
                  "embedded",
                  "dev.kittiwake.embedded",
                  "dev.kittiwake.proto",
                  "dev.kittiwake.raft.wal",
                  "dev.kittiwake.client",
                  "dev.kittiwake.pd",
                  "dev.kittiwake.kv"),
              rule(
                  "simulation",
                  "dev.kittiwake.simulation",
                  "dev.kittiwake.proto",
                  "dev.kittiwake.raft",
                  "dev.kittiwake.txn",
                  "dev.kittiwake.client",
                  "dev.kittiwake.pd",
                  "dev.kittiwake.kv",
                  "dev.kittiwake.testkit"),
              rule("sql", "dev.kittiwake.sql", "dev.kittiwake.client", "dev.kittiwake.proto"),
              rule(
                  "jdbc-driver",
                  "dev.kittiwake.jdbc",
                  "dev.kittiwake.sql",
                  "dev.kittiwake.client",
                  "dev.kittiwake.embedded",
                  "dev.kittiwake.proto"),
              rule("tpcc", "dev.kittiwake.tpcc"),
              rule("cli", "dev.kittiwake.cli", "dev.kittiwake")));

  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?(dev\\.kittiwake\\.[\\w.]+);", Pattern.MULTILINE);
  private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
  private static final Pattern FORBIDDEN_NAME =
      Pattern.compile(".*(Manager|Helper|Helpers|Util|Utils|Impl|Info|Data)\\.java");
  private static final Pattern CITED =
      Pattern.compile("`([\\w./-]+/[\\w.-]+\\.(?:java|proto|md|script|xml|txt))`");
  private static final int LONGEST_FILE_LINES = 700;

  private record Rule(String root, Set<String> imports) {}

  private static Map.Entry<String, Rule> rule(String module, String root, String... imports) {
    return Map.entry(module, new Rule(root, Set.of(imports)));
  }

  @Test
  void everyModuleHasARule() throws IOException {
    Matcher modules =
        Pattern.compile("<module>([\\w-]+)</module>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")));
    List<String> unruled = new ArrayList<>();
    while (modules.find()) {
      if (!RULES.containsKey(modules.group(1))) {
        unruled.add(modules.group(1));
      }
    }
    assertEquals(List.of(), unruled);
  }

  @Test
  void importsOnlyGoDown() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Rule> entry : RULES.entrySet()) {
      Rule rule = entry.getValue();
      for (Path file : sources(entry.getKey(), "main")) {
        String text = Files.readString(file);
        Matcher declared = PACKAGE.matcher(text);
        if (!declared.find() || !isWithin(declared.group(1), rule.root())) {
          wrong.add(show(file) + " is not in package " + rule.root());
        }
        Matcher imports = IMPORT.matcher(text);
        while (imports.find()) {
          String imported = imports.group(1);
          if (!isWithin(imported, rule.root())
              && rule.imports().stream().noneMatch(allowed -> isWithin(imported, allowed))) {
            wrong.add(show(file) + " imports " + imported);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void everyPackageHasItsChapter() throws IOException {
    List<String> missing = new ArrayList<>();
    for (String module : RULES.keySet()) {
      Set<Path> packages =
          sources(module, "main").stream().map(Path::getParent).collect(Collectors.toSet());
      for (Path folder : packages) {
        if (!Files.exists(folder.resolve("package-info.java"))) {
          missing.add(show(folder));
        }
      }
    }
    assertEquals(List.of(), missing.stream().sorted().collect(Collectors.toList()));
  }

  @Test
  void namesSayWhatAThingIs() throws IOException {
    List<String> vague = new ArrayList<>();
    for (String module : RULES.keySet()) {
      for (Path file : sources(module, "main")) {
        if (FORBIDDEN_NAME.matcher(file.getFileName().toString()).matches()) {
          vague.add(show(file));
        }
      }
    }
    assertEquals(List.of(), vague);
  }

  @Test
  void noFileBecomesThePlaceWhereEverythingLands() throws IOException {
    List<String> longest = new ArrayList<>();
    for (String module : RULES.keySet()) {
      for (Path file : sources(module, "main")) {
        long lines = Files.readString(file).lines().count();
        if (lines > LONGEST_FILE_LINES) {
          longest.add(show(file) + " has " + lines + " lines");
        }
      }
    }
    assertEquals(List.of(), longest);
  }

  @Test
  void documentsCiteFilesThatExist() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path document : documents()) {
      Matcher cited = CITED.matcher(Files.readString(document));
      while (cited.find()) {
        if (!Files.exists(ROOT.resolve(cited.group(1)))
            && !Files.exists(document.getParent().resolve(cited.group(1)))) {
          dead.add(show(document) + " cites " + cited.group(1));
        }
      }
    }
    assertEquals(List.of(), dead);
  }

  private static boolean isWithin(String name, String root) {
    return name.equals(root) || name.startsWith(root + ".");
  }

  private static List<Path> sources(String module, String set) throws IOException {
    Path folder = ROOT.resolve(module).resolve("src/" + set + "/java");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String name : List.of("README.md", "CHANGELOG.md")) {
      if (Files.exists(ROOT.resolve(name))) {
        documents.add(ROOT.resolve(name));
      }
    }
    if (Files.isDirectory(ROOT.resolve("docs"))) {
      try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
      }
    }
    return documents;
  }

  private static String show(Path file) {
    return ROOT.relativize(file).toString();
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    assertTrue(folder != null, "the project's root is above the working directory");
    return folder;
  }
}
