package dev.kittiwake.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Reads {@code name = value} lines; what the names mean is the role's business. */
final class ConfigFile {
  private ConfigFile() {}

  /** The settings in {@code file}; none if it is null. */
  static Map<String, String> read(Path file) {
    Map<String, String> settings = new TreeMap<>();
    if (file == null) {
      return settings;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException("there is no configuration file " + file, missing);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read configuration file " + file + ": " + e.getMessage(), e);
    }
    for (String name : properties.stringPropertyNames()) {
      settings.put(name, properties.getProperty(name).trim());
    }
    return settings;
  }
}
