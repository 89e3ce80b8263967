package dev.kittiwake.cli.chaos.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * How a role is started fast and always from the same classes: the class path is copied once, so
 * that a build that goes on meanwhile changes nothing, and loaded classes come from an archive.
 */
public final class JavaCommand {
  private static final String MAIN = "dev.kittiwake.cli.Kittiwake";

  private final String classPath;
  private final Path archive; // may not exist

  private JavaCommand(String classPath, Path archive) {
    this.classPath = classPath;
    this.archive = archive;
  }

  /** Copies our own class path below {@code directory}. */
  static JavaCommand copiedTo(Path directory) throws IOException {
    Path jars = Files.createDirectories(directory.resolve("classes"));
    String ours =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> copied = new ArrayList<>();
    int number = 0;
    for (String entry : ours.split(File.pathSeparator, -1)) {
      Path source = Path.of(entry);
      if (entry.isEmpty() || !Files.exists(source)) {
        continue;
      }
      number++;
      Path copy = jars.resolve("%03d-%s.jar".formatted(number, source.getFileName()));
      if (Files.isDirectory(source)) {
        pack(source, copy);
      } else {
        Files.copy(source, copy);
      }
      copied.add(copy.toString());
    }
    return new JavaCommand(
        String.join(File.pathSeparator, copied), directory.resolve("classes.jsa"));
  }

  private static void pack(Path folder, Path jar) throws IOException {
    TreeMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(folder.relativize(file).toString(), file));
    }
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : files.keySet()) {
        zip.putNextEntry(new ZipEntry(name));
        Files.copy(files.get(name), zip);
        zip.closeEntry();
      }
    }
  }

  /** The command line of a role that leaves an archive of its classes when it ends. */
  List<String> training(List<String> arguments) {
    return command("-XX:ArchiveClassesAtExit=" + archive, arguments);
  }

  /** The command line of a role. */
  List<String> role(List<String> arguments) {
    return command(
        Files.exists(archive) ? "-XX:SharedArchiveFile=" + archive : "-Xshare:auto", arguments);
  }

  private List<String> command(String sharing, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "-Xmx320m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            sharing,
            "-Dkittiwake.log=info",
            "-Dio.netty.tryReflectionSetAccessible=true",
            "-cp",
            classPath,
            MAIN));
    command.addAll(arguments);
    return command;
  }
}
