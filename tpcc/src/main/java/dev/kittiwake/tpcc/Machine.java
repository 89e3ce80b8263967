package dev.kittiwake.tpcc;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Facts about this machine and the database under test, for the reports. */
final class Machine {
  private Machine() {}

  static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", processor());
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      facts.put("memory", "%,d MiB".formatted(system.getTotalMemorySize() >> 20));
    }
    facts.put("heap", "%,d MiB".formatted(Runtime.getRuntime().maxMemory() >> 20));
    facts.put(
        "system", property("os.name") + " " + property("os.version") + " " + property("os.arch"));
    facts.put("java", property("java.vendor") + " " + property("java.runtime.version"));
    return facts;
  }

  static Map<String, String> database(Session session) throws SQLException {
    DatabaseMetaData about = session.connection().getMetaData();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("database", about.getDatabaseProductName() + " " + about.getDatabaseProductVersion());
    facts.put("driver", about.getDriverName() + " " + about.getDriverVersion());
    facts.put("isolation level", isolation(session.connection().getTransactionIsolation()));
    return facts;
  }

  private static String isolation(int level) {
    for (Isolation known : Isolation.values()) {
      if (known != Isolation.DEFAULT && known.jdbcLevel() == level) {
        return known.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
      }
    }
    return "level " + level;
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  private static String processor() {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return property("os.arch");
    }
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(property("os.arch"));
    } catch (IOException e) {
      return property("os.arch"); // a nicety of the report, not worth failing for
    }
  }
}
